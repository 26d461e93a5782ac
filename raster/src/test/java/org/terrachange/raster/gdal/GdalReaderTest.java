package org.terrachange.raster.gdal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.UnsupportedFormatException;

/// Machines without GDAL, or with a broken one.
class GdalReaderTest {
    @TempDir
    private Path folder;

    @AfterEach
    void hide() {
        InstalledGdal.hide();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "/vsicurl/https://host/a.tif, /vsicurl/https://host/a.tif",
                "https://host/a.tif, /vsicurl/https://host/a.tif",
                "s3://bucket/a.tif, /vsis3/bucket/a.tif",
                "gs://bucket/a.tif, /vsigs/bucket/a.tif",
                "az://box/a.tif, /vsiaz/box/a.tif",
                "NETCDF:\"a b.nc\":t, NETCDF:\"a b.nc\":t",
                "C:\\scenes\\a.tif, ~~",
                "C:/scenes/a.tif, ~~",
                "scenes/a.tif, ~~",
                "/data/vsi/a.tif, ~~",
                "a.tif, ~~"
            })
    void namesAreToldFromPaths(String location, String name) {
        assertThat(GdalName.of(location).map(GdalName::text).orElse("")).isEqualTo(name);
        assertThat(GdalReader.isName(location)).isEqualTo(!name.isEmpty());
    }

    @Test
    void formatsThatReferToOtherFilesNeedTheirEnding() {
        assertThat(GdalDrivers.forFile("/a/scene.tif"))
                .contains("GTiff", "JP2OpenJPEG")
                .doesNotContain("VRT", "HDF5");
        assertThat(GdalDrivers.forFile("/a.vrt/scene")).doesNotContain("VRT");
        assertThat(GdalDrivers.forFile("/a/scene.VRT")).contains("VRT");
        assertThat(GdalDrivers.forFile("/a/scene.nc")).contains("netCDF").doesNotContain("VRT");
        assertThat(GdalDrivers.forFile("/vsicurl/https://host/scene.tif?x=.vrt/a"))
                .doesNotContain("VRT");
    }

    @Test
    void withoutGdalTheMessageSaysWhatTheFileIsAndWhatToDo() throws IOException {
        Path file = Files.write(folder.resolve("a.jp2"), "\0\0\0\fjP  ".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageMatching(".*a\\.jp2: is a JPEG 2000 file .*; GDAL could, but is switched off by .*");
        assertThatThrownBy(() -> Rasters.open("s3://bucket/a.tif"))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageMatching("s3://bucket/a.tif: is read by GDAL only; .*switched off.*");
    }

    @Test
    void aLibraryThatIsMissingOrAnotherOneIsNamed() {
        Path ofJava = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("java"));
        for (Path library : List.of(ofJava, folder.resolve("none.so"))) {
            System.setProperty("terrachange.gdal", library.toString());

            assertThat(GdalReader.find()).isEmpty();
            assertThat(GdalReader.advice())
                    .contains(library.toString())
                    .contains("cannot be used")
                    .contains("TERRACHANGE_GDAL");
        }
    }

    @Test
    void theNewestLibraryOfAFolderIsTriedFirst() throws IOException {
        for (String name : new String[] {
            "libgdal.so.9",
            "libgdal.so.36",
            "libgdal.so.32.3.6.2",
            "libgdal.so",
            "libgdalx.so",
            "libgdal.35.dylib",
            "gdal310.dll",
            "README"
        }) {
            Files.createFile(folder.resolve(name));
        }

        assertThat(LibrarySearch.in(folder))
                .map(path -> Path.of(path).getFileName().toString())
                .containsExactly("gdal310.dll", "libgdal.so.36", "libgdal.35.dylib", "libgdal.so.9", "libgdal.so");
        assertThat(LibrarySearch.in(folder.resolve("none"))).isEmpty();
    }
}
