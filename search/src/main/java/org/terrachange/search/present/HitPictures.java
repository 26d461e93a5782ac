package org.terrachange.search.present;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import org.locationtech.jts.awt.ShapeWriter;
import org.locationtech.jts.geom.Geometry;

/// The pictures of one hit, all of one size.
///
/// @param before the earlier window
/// @param after the later one
/// @param change the later one with what the detector marked, outlined
/// @param relevance the later one in grey, under orange where the query is answered
public record HitPictures(BufferedImage before, BufferedImage after, BufferedImage change, BufferedImage relevance) {
    /// The outline that shows on vegetation, soil and roofs alike.
    private static final Color OUTLINE = new Color(255, 40, 120);

    private static final Color HEAT = new Color(255, 120, 0);

    /// How much of the image the strongest heat hides.
    private static final float HIDDEN = 0.7f;

    /// What black is in the grey image, of 255, so that dark images show their heat.
    private static final float DARKEST = 60;

    /// Draws them.
    ///
    /// @param before 8-bit RGB, planar
    /// @param after the same
    /// @param outlines of the changed patches, in pixels of the window
    /// @param side of the larger side of the pictures
    public static HitPictures of(
            byte[] before, byte[] after, int width, int height, Geometry outlines, RelevanceMap map, int side) {
        double scale = (double) side / Math.max(width, height);
        BufferedImage earlier = scaled(image(before, width, height), scale);
        BufferedImage later = scaled(image(after, width, height), scale);
        return new HitPictures(earlier, later, outlined(later, outlines, scale), heated(later, map));
    }

    private static BufferedImage image(byte[] planes, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int area = width * height;
        for (int i = 0; i < area; i++) {
            int rgb = (planes[i] & 0xff) << 16 | (planes[area + i] & 0xff) << 8 | planes[2 * area + i] & 0xff;
            image.setRGB(i % width, i / width, rgb);
        }
        return image;
    }

    private static BufferedImage scaled(BufferedImage image, double scale) {
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return result;
    }

    private static BufferedImage copy(BufferedImage image) {
        return scaled(image, 1);
    }

    private static BufferedImage outlined(BufferedImage later, Geometry outlines, double scale) {
        BufferedImage result = copy(later);
        Graphics2D graphics = result.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Shape shape = AffineTransform.getScaleInstance(scale, scale)
                .createTransformedShape(new ShapeWriter().toShape(outlines));
        graphics.setColor(OUTLINE);
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.25f));
        graphics.fill(shape);
        graphics.setComposite(AlphaComposite.SrcOver);
        graphics.setStroke(new BasicStroke(1.5f));
        graphics.draw(shape);
        graphics.dispose();
        return result;
    }

    private static BufferedImage heated(BufferedImage later, RelevanceMap map) {
        BufferedImage share = new BufferedImage(map.cells(), map.cells(), BufferedImage.TYPE_BYTE_GRAY);
        float highest = map.highest();
        for (int i = 0; i < map.drops().length; i++) {
            float heat = highest > 0 ? Math.clamp(map.drops()[i] / highest, 0, 1) : 0;
            share.getRaster().setSample(i % map.cells(), i / map.cells(), 0, Math.round(255 * heat));
        }
        int width = later.getWidth();
        int height = later.getHeight();
        BufferedImage smooth = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = smooth.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(share, 0, 0, width, height, null);
        graphics.dispose();
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                result.setRGB(
                        x, y, heated(later.getRGB(x, y), smooth.getRaster().getSample(x, y, 0) / 255f));
            }
        }
        return result;
    }

    private static int heated(int rgb, float heat) {
        float brightness = 0.299f * (rgb >> 16 & 0xff) + 0.587f * (rgb >> 8 & 0xff) + 0.114f * (rgb & 0xff);
        float grey = DARKEST + (1 - DARKEST / 255f) * brightness;
        float hidden = HIDDEN * heat;
        return mixed(HEAT.getRed(), grey, hidden) << 16
                | mixed(HEAT.getGreen(), grey, hidden) << 8
                | mixed(HEAT.getBlue(), grey, hidden);
    }

    private static int mixed(int colour, float grey, float share) {
        return Math.round(share * colour + (1 - share) * grey);
    }
}
