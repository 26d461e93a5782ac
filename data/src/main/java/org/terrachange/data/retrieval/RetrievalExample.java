package org.terrachange.data.retrieval;

/// One view of a captioned pair, before any image of it is read.
///
/// @param pair which pair of the stream, 0 to [RetrievalStream#length] - 1
/// @param view how its images are laid and coloured
/// @param sentence what is said of the pair as it is laid
/// @param group captions of equal numbers say the same, so that none of them is a wrong answer to another; all
///     captions of unchanged pairs have [CaptionGroups#UNCHANGED]
public record RetrievalExample(int pair, View view, String sentence, long group) {

    /// How the images of a pair are laid and coloured: the same view of the same pair is the same image every
    /// time.
    ///
    /// @param turn one of eight ways to lay a square on the table, 0 for as it is
    /// @param colours which draw of the change of colours
    public record View(int turn, long colours) {
        public View {
            if (turn < 0 || turn >= Turn.COUNT) {
                throw new IllegalArgumentException("a square can be laid in " + Turn.COUNT + " ways, got " + turn);
            }
        }
    }
}
