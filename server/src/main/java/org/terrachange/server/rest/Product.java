package org.terrachange.server.rest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The files that a detection leaves behind, as results of a job.
enum Product {
    PROBABILITY("probability.tif", "image/tiff; application=geotiff; profile=cloud-optimized", "Probability of change"),
    MASK("mask.tif", "image/tiff; application=geotiff; profile=cloud-optimized", "Mask of changed pixels"),
    CHANGES("changes.geojson", "application/geo+json", "Changed areas"),
    CHANGES_GPKG("changes.gpkg", "application/geopackage+sqlite3", "Changed areas as a GeoPackage"),
    OVERLAY("overlay.png", "image/png", "Picture of the changes over the later image"),
    OVERLAY_PLACE("overlay.pgw", "text/plain", "World file of the picture"),
    REPORT("report.html", "text/html;charset=utf-8", "Report"),
    SUMMARY("summary.json", "application/json", "Summary");

    private final String file;
    private final String mediaType;
    private final String title;

    Product(String file, String mediaType, String title) {
        this.file = file;
        this.mediaType = mediaType;
        this.title = title;
    }

    /// Its name among the outputs of the process.
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Its name as a file.
    String file() {
        return file;
    }

    String mediaType() {
        return mediaType;
    }

    /// What it is, for people.
    String title() {
        return title;
    }

    /// The product with this file name, if there is one.
    static Optional<Product> ofFile(String name) {
        return Arrays.stream(values())
                .filter(product -> product.file.equals(name))
                .findFirst();
    }
}
