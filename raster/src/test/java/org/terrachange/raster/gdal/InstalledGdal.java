package org.terrachange.raster.gdal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Lets the tests of a class see the GDAL of this machine, which the build hides from all others; skips them where
/// there is none.
final class InstalledGdal implements BeforeAllCallback, AfterAllCallback {
    private static final String PROPERTY = "terrachange.gdal";
    private static final String HIDDEN = System.getProperty(PROPERTY, "off");

    @Override
    public void beforeAll(ExtensionContext context) {
        show();
        assumeTrue(GdalReader.find().isPresent(), () -> "skipped: " + GdalReader.advice());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        hide();
    }

    static void show() {
        System.setProperty(PROPERTY, "");
    }

    static void hide() {
        System.setProperty(PROPERTY, HIDDEN);
    }
}
