package org.terrachange.nn.distributed;

/// Which part of a batch one of several processes works on: every `size`-th example from the `rank`-th on, so that
/// all parts together are the batch that a single process would take.
///
/// @param rank number of the process, from 0
/// @param size number of processes
public record Share(int rank, int size) {
    /// All of it.
    public static final Share WHOLE = new Share(0, 1);

    public Share {
        if (size < 1 || rank < 0 || rank >= size) {
            throw new IllegalArgumentException(
                    "processes are numbered from 0 to their number, got process " + rank + " of " + size);
        }
    }

    /// How many of a whole number of examples belong to this part.
    ///
    /// @throws IllegalArgumentException if the parts would not be equal
    public int of(int whole) {
        if (whole % size != 0) {
            throw new IllegalArgumentException(
                    size + " processes cannot share " + whole + " examples equally; choose a multiple of " + size);
        }
        return whole / size;
    }

    /// The number of an example among those of all processes.
    ///
    /// @param own its number among those of this part
    public long place(long own) {
        return own * size + rank;
    }
}
