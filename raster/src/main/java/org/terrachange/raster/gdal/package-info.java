/// Reads images through GDAL where its library is installed, and names what to install where it is not.
///
/// The library is found when it is first needed, at run time: nothing is linked or compiled against it. The system
/// property `terrachange.gdal` or the environment variable `TERRACHANGE_GDAL` names the library to load, or hides
/// every GDAL with the word `off`.
///
/// Some formats are lists of other files or addresses (VRT most of all). A file must not be able to pass for an
/// image and then pull in whatever it names, so a local file is opened only with formats that hold all their pixels
/// themselves, and with the others where the ending of its name admits to one: `.vrt` for VRT, `.nc` for netCDF,
/// and so on ([GdalDrivers]). Whoever opens files of strangers has to look at nothing but those endings. A name in
/// GDAL's own notation, such as `/vsicurl/...` or `NETCDF:"file.nc":band`, comes from a person, never from a file.
@NullMarked
package org.terrachange.raster.gdal;

import org.jspecify.annotations.NullMarked;
