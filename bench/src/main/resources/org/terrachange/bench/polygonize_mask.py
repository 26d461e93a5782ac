"""Seconds that GDAL takes to polygonize: `polygonize_mask.py MASK.tif` loads the mask, then prints `polygonize 1.234` for
outlining its pixels of value 1, joined by edges, in memory, and `polygons 1234` for how many there are."""
import sys
import time

from osgeo import gdal, ogr

gdal.UseExceptions()
mask = gdal.GetDriverByName("MEM").CreateCopy("", gdal.Open(sys.argv[1]))
band = mask.GetRasterBand(1)
band.DeleteNoDataValue()
# Kept in a variable of its own: a layer does not keep its source alive.
source = ogr.GetDriverByName("Memory").CreateDataSource("")
layer = source.CreateLayer("changes")
start = time.perf_counter()
gdal.Polygonize(band, band, layer, -1)
print("polygonize %.4f" % (time.perf_counter() - start))
print("polygons %d" % layer.GetFeatureCount())
