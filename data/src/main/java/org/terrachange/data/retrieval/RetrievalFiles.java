package org.terrachange.data.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.data.pairs.DatasetException;

/// The two files of one split of a captioned data set.
///
/// @param images `{dataset}_{split}.h5`
/// @param captions `{dataset}_{split}_captions.json`
public record RetrievalFiles(Path images, Path captions) {

    /// The names that a data set has in its folders, whether the files exist or not.
    ///
    /// @param dataset a name without separators, such as `levir-cc`
    /// @param split such as `train`, `val`, `test`
    public static RetrievalFiles of(Path imageFolder, Path captionFolder, String dataset, String split) {
        String stem = dataset + "_" + split;
        return new RetrievalFiles(imageFolder.resolve(stem + ".h5"), captionFolder.resolve(stem + "_captions.json"));
    }

    /// An HDF5 file and the captions that lie beside it, whether they exist or not.
    ///
    /// @param images `{name}.h5`
    public static RetrievalFiles beside(Path images) {
        String name = images.getFileName().toString();
        String stem = name.endsWith(".h5") ? name.substring(0, name.length() - 3) : name;
        return new RetrievalFiles(images, images.resolveSibling(stem + "_captions.json"));
    }

    /// Every data set of a folder that has this split, in the order of their names.
    ///
    /// @throws DatasetException if there is none, or one lacks its captions
    public static List<RetrievalFiles> find(Path imageFolder, Path captionFolder, String split) throws IOException {
        if (!Files.isDirectory(imageFolder)) {
            throw new DatasetException(
                    imageFolder, "is not a folder; write data sets to one with terrachange retrieval prepare");
        }
        String ending = "_" + split + ".h5";
        List<RetrievalFiles> found = new ArrayList<>();
        try (var files = Files.list(imageFolder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                // A name that begins with a dot is a file still being written.
                if (name.endsWith(ending) && !name.startsWith(".")) {
                    String dataset = name.substring(0, name.length() - ending.length());
                    found.add(of(imageFolder, captionFolder, dataset, split));
                }
            }
        }
        if (found.isEmpty()) {
            throw new DatasetException(
                    imageFolder,
                    "holds no file named {dataset}" + ending
                            + "; write data sets to it with terrachange retrieval prepare");
        }
        for (RetrievalFiles files : found) {
            if (!Files.isRegularFile(files.captions)) {
                throw new DatasetException(
                        files.captions, "does not exist, so " + files.images.getFileName() + " has no captions");
            }
        }
        return List.copyOf(found);
    }
}
