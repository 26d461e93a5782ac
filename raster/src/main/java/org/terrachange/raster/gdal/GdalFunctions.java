package org.terrachange.raster.gdal;

import java.lang.foreign.MemorySegment;

/// The functions of GDAL's C API that are used (gdal.h, cpl_error.h, cpl_conv.h of GDAL 3).
///
/// Handles, strings and arrays are addresses, [MemorySegment#NULL] where C says `NULL`. Nothing is checked here: a
/// wrong argument ends the process.
interface GdalFunctions {
    @CFunction("GDALVersionInfo")
    MemorySegment versionInfo(MemorySegment request);

    @CFunction("GDALAllRegister")
    void registerAllDrivers();

    @CFunction("GDALSetCacheMax64")
    void setCacheMax(long bytes);

    @CFunction("CPLSetErrorHandler")
    MemorySegment setErrorHandler(MemorySegment handler);

    @CFunction("CPLErrorReset")
    void resetError();

    @CFunction("CPLGetLastErrorMsg")
    MemorySegment lastErrorMessage();

    @CFunction("CPLGetConfigOption")
    MemorySegment configOption(MemorySegment key, MemorySegment fallback);

    @CFunction("CPLSetConfigOption")
    void setConfigOption(MemorySegment key, MemorySegment value);

    @CFunction("GDALOpenEx")
    MemorySegment open(
            MemorySegment name, int flags, MemorySegment drivers, MemorySegment options, MemorySegment siblings);

    @CFunction("GDALClose")
    void close(MemorySegment dataset);

    @CFunction("GDALGetDriverByName")
    MemorySegment driverByName(MemorySegment name);

    @CFunction("GDALCreate")
    MemorySegment create(
            MemorySegment driver,
            MemorySegment name,
            int width,
            int height,
            int bands,
            int type,
            MemorySegment options);

    @CFunction("GDALGetDatasetDriver")
    MemorySegment driver(MemorySegment dataset);

    @CFunction("GDALGetDriverShortName")
    MemorySegment driverName(MemorySegment driver);

    @CFunction("GDALGetMetadata")
    MemorySegment metadata(MemorySegment object, MemorySegment domain);

    @CFunction("GDALGetMetadataItem")
    MemorySegment metadataItem(MemorySegment object, MemorySegment key, MemorySegment domain);

    @CFunction("GDALGetRasterXSize")
    int width(MemorySegment dataset);

    @CFunction("GDALGetRasterYSize")
    int height(MemorySegment dataset);

    @CFunction("GDALGetRasterCount")
    int bands(MemorySegment dataset);

    @CFunction("GDALGetGeoTransform")
    int geoTransform(MemorySegment dataset, MemorySegment sixDoubles);

    @CFunction("GDALGetSpatialRef")
    MemorySegment spatialReference(MemorySegment dataset);

    @CFunction("GDALSetSpatialRef")
    int setSpatialReference(MemorySegment dataset, MemorySegment reference);

    @CFunction("GDALGetRasterBand")
    MemorySegment band(MemorySegment dataset, int number);

    @CFunction("GDALGetRasterBandXSize")
    int bandWidth(MemorySegment band);

    @CFunction("GDALGetRasterBandYSize")
    int bandHeight(MemorySegment band);

    @CFunction("GDALGetBlockSize")
    void blockSize(MemorySegment band, MemorySegment width, MemorySegment height);

    @CFunction("GDALGetRasterDataType")
    int dataType(MemorySegment band);

    @CFunction("GDALDataTypeUnion")
    int dataTypeUnion(int first, int second);

    @CFunction("GDALGetDataTypeName")
    MemorySegment dataTypeName(int type);

    @CFunction("GDALGetRasterColorInterpretation")
    int colourInterpretation(MemorySegment band);

    @CFunction("GDALGetRasterColorTable")
    MemorySegment colourTable(MemorySegment band);

    @CFunction("GDALGetColorEntryCount")
    int colourCount(MemorySegment table);

    @CFunction("GDALGetColorEntryAsRGB")
    int colour(MemorySegment table, int index, MemorySegment fourShorts);

    @CFunction("GDALGetRasterNoDataValue")
    double nodata(MemorySegment band, MemorySegment present);

    /// For bands of type Int64; GDAL 3.5 and later, like those bands.
    @CFunction("GDALGetRasterNoDataValueAsInt64")
    long nodataInt64(MemorySegment band, MemorySegment present);

    /// For bands of type UInt64; GDAL 3.5 and later, like those bands.
    @CFunction("GDALGetRasterNoDataValueAsUInt64")
    long nodataUint64(MemorySegment band, MemorySegment present);

    @CFunction("GDALGetMaskFlags")
    int maskFlags(MemorySegment band);

    @CFunction("GDALGetMaskBand")
    MemorySegment mask(MemorySegment band);

    @CFunction("GDALGetOverviewCount")
    int overviews(MemorySegment band);

    @CFunction("GDALGetOverview")
    MemorySegment overview(MemorySegment band, int index);

    @CFunction("GDALRasterIO")
    int transfer(
            MemorySegment band,
            int direction,
            int x,
            int y,
            int width,
            int height,
            MemorySegment buffer,
            int bufferWidth,
            int bufferHeight,
            int bufferType,
            int pixelSpace,
            int lineSpace);
}
