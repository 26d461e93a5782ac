package org.terrachange.server.storage;

import java.util.regex.Pattern;
import org.terrachange.server.web.Refusal;

/// How a request names an image: `upload:ID`, `data:FOLDER/FILE` or `sample:NAME/before`. Never a path.
public sealed interface ImageRef {

    /// A file that somebody uploaded.
    ///
    /// @param id as [Uploads] gave it out
    record Upload(String id) implements ImageRef {
        public Upload {
            if (!StoredId.isOne(id)) {
                throw new IllegalArgumentException("no id of an upload");
            }
        }

        @Override
        public String toString() {
            return "upload:" + id;
        }
    }

    /// A file of the served folder.
    ///
    /// @param path below that folder, with `/` between names
    record Data(String path) implements ImageRef {
        private static final int LONGEST = 1_000;

        public Data {
            if (path.isEmpty() || path.length() > LONGEST) {
                throw new IllegalArgumentException("no path below the served folder");
            }
        }

        @Override
        public String toString() {
            return "data:" + path;
        }
    }

    /// One date of a sample scene.
    ///
    /// @param scene its name
    /// @param moment `before` or `after`
    record Sample(String scene, String moment) implements ImageRef {
        private static final Pattern SCENE = Pattern.compile("[a-z][a-z0-9-]{0,40}");

        public Sample {
            if (!SCENE.matcher(scene).matches() || !(moment.equals("before") || moment.equals("after"))) {
                throw new IllegalArgumentException("no date of a sample scene");
            }
        }

        @Override
        public String toString() {
            return "sample:" + scene + "/" + moment;
        }
    }

    /// The image that a text names.
    ///
    /// @throws Refusal with 422 if it names none
    static ImageRef parse(String text) {
        try {
            int colon = text.indexOf(':');
            String rest = text.substring(colon + 1);
            return switch (text.substring(0, Math.max(colon, 0))) {
                case "upload" -> new Upload(rest);
                case "data" -> new Data(rest);
                case "sample" -> {
                    String[] parts = rest.split("/", -1);
                    yield new Sample(parts[0], parts.length == 2 ? parts[1] : "");
                }
                default -> throw new IllegalArgumentException("no image");
            };
        } catch (IllegalArgumentException _) {
            throw Refusal.unprocessable("'" + Refusal.quoted(text)
                    + "' names no image; write upload:ID, data:FOLDER/FILE or sample:NAME/before");
        }
    }
}
