package org.terrachange.raster.tiff;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Decodes one Deflate stream (RFC 1951).
///
/// Stands in for [java.util.zip.Inflater], which is less than half as fast as the decoders that other TIFF readers
/// use. As in libdeflate, bits are fetched eight bytes at a time, a code is looked up with one access to a table as
/// a rule, and an entry of the table holds all that is to be known of its symbol.
final class Inflate {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MAX_CODE_BITS = 15;

    /// The bits that the first access looks up, and the most entries that any valid code then needs (as zlib's
    /// `enough` counts them).
    private static final int LITERAL_BITS = 11;

    private static final int LITERAL_ENTRIES = 2342;
    private static final int DISTANCE_BITS = 8;
    private static final int DISTANCE_ENTRIES = 402;
    private static final int CODE_LENGTH_BITS = 7;

    // An entry: bits 0 to 5 the bits to drop (extra bits included), 8 to 11 the length of the code, 16 to 30 the
    // literal or the base of a length or distance. Of a link to a second table: 8 to 11 the bits to look up there,
    // 16 to 30 where it starts.
    private static final int LITERAL = 1 << 31;
    private static final int LINK = 1 << 12;
    private static final int END = 1 << 13;
    private static final int INVALID = 1 << 14;

    private static final int END_OF_BLOCK = 256;
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int[] LITERAL_SYMBOLS = new int[288];
    private static final int[] DISTANCE_SYMBOLS = new int[32];
    private static final int[] CODE_LENGTH_SYMBOLS = new int[19];

    static {
        for (int i = 0; i < END_OF_BLOCK; i++) {
            LITERAL_SYMBOLS[i] = LITERAL | i << 16;
        }
        LITERAL_SYMBOLS[END_OF_BLOCK] = END;
        int base = 3;
        for (int i = 257; i < 285; i++) {
            int extra = i < 265 ? 0 : (i - 261) / 4;
            LITERAL_SYMBOLS[i] = base << 16 | extra;
            base += 1 << extra;
        }
        LITERAL_SYMBOLS[285] = 258 << 16;
        LITERAL_SYMBOLS[286] = INVALID;
        LITERAL_SYMBOLS[287] = INVALID;
        base = 1;
        for (int i = 0; i < 30; i++) {
            int extra = i < 4 ? 0 : i / 2 - 1;
            DISTANCE_SYMBOLS[i] = base << 16 | extra;
            base += 1 << extra;
        }
        DISTANCE_SYMBOLS[30] = INVALID;
        DISTANCE_SYMBOLS[31] = INVALID;
        for (int i = 0; i < CODE_LENGTH_SYMBOLS.length; i++) {
            CODE_LENGTH_SYMBOLS[i] = i << 16;
        }
    }

    private final byte[] in;
    private final byte[] out;
    private final int[] literals = new int[LITERAL_ENTRIES];
    private final int[] distances = new int[DISTANCE_ENTRIES];
    private int from;
    private int to;
    private long bits;
    private int count;

    /// Bytes that were made up behind the end of the input, so that the last codes can be looked up like all others.
    private int invented;

    /// Whether the output is filled from bits that exist: what follows then does not matter.
    private boolean full;

    /// @param from where in `in` the stream starts
    Inflate(byte[] in, int from, byte[] out) {
        this.in = in;
        this.from = from;
        this.out = out;
    }

    /// Bytes of `out` that are filled.
    int filled() {
        return to;
    }

    /// The first byte behind the stream, once [#run] has returned true.
    int position() {
        return from;
    }

    /// Fills the output, or as much of it as the stream has bytes for.
    ///
    /// @return whether the stream came to its end; if not, it has more bytes than the output
    /// @throws CorruptBlockException if the stream is invalid, or ends before it should and before the output is
    ///     full
    boolean run() throws CorruptBlockException {
        try {
            boolean last = false;
            while (!last) {
                refill();
                last = (bits & 1) != 0;
                int type = (int) (bits >>> 1) & 3;
                drop(3);
                if (!block(type)) {
                    return false;
                }
                requireInput();
            }
            from -= (count >> 3) - invented;
            return true;
        } catch (CorruptBlockException e) {
            if (full) {
                return false;
            }
            throw e;
        }
    }

    private boolean block(int type) throws CorruptBlockException {
        return switch (type) {
            case 0 -> stored();
            case 1 -> {
                fixedCodes();
                yield codes();
            }
            case 2 -> {
                dynamicCodes();
                yield codes();
            }
            default -> throw new CorruptBlockException("has a Deflate block of no known type");
        };
    }

    /// Checks that no code was made of bits that do not exist.
    private void requireInput() throws CorruptBlockException {
        if (invented * 8 > count) {
            throw CorruptBlockException.endsEarly(Math.min(to, out.length - 1), out.length);
        }
    }

    private void drop(int n) {
        bits >>>= n;
        count -= n;
    }

    /// Makes at least 56 bits ready.
    private void refill() {
        if (from + 8 <= in.length) {
            bits |= (long) LONG.get(in, from) << count;
            from += 63 - count >> 3;
            count |= 56;
        } else {
            while (count < 56) {
                if (from < in.length) {
                    bits |= (in[from++] & 0xffL) << count;
                } else {
                    invented++;
                }
                count += 8;
            }
        }
    }

    private boolean stored() throws CorruptBlockException {
        drop(count & 7);
        from -= (count >> 3) - invented;
        bits = 0;
        count = 0;
        invented = 0;
        if (from + 4 > in.length) {
            throw CorruptBlockException.endsEarly(to, out.length);
        }
        int length = in[from] & 0xff | (in[from + 1] & 0xff) << 8;
        int check = in[from + 2] & 0xff | (in[from + 3] & 0xff) << 8;
        if (length != (~check & 0xffff)) {
            throw new CorruptBlockException("has a stored Deflate block of contradicting lengths");
        }
        from += 4;
        int taken = Math.min(length, Math.min(in.length - from, out.length - to));
        System.arraycopy(in, from, out, to, taken);
        from += taken;
        to += taken;
        full = to == out.length;
        if (taken < length && to < out.length) {
            throw CorruptBlockException.endsEarly(to, out.length);
        }
        return taken == length;
    }

    private void fixedCodes() throws CorruptBlockException {
        var lengths = new byte[288];
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, 288, (byte) 8);
        build(literals, LITERAL_BITS, lengths, 0, 288, LITERAL_SYMBOLS);
        Arrays.fill(lengths, 0, 32, (byte) 5);
        build(distances, DISTANCE_BITS, lengths, 0, 32, DISTANCE_SYMBOLS);
    }

    private void dynamicCodes() throws CorruptBlockException {
        refill();
        int literalCodes = ((int) bits & 31) + 257;
        int distanceCodes = ((int) (bits >>> 5) & 31) + 1;
        int lengthCodes = ((int) (bits >>> 10) & 15) + 4;
        drop(14);
        if (literalCodes > 286 || distanceCodes > 30) {
            throw new CorruptBlockException("has a Deflate block of too many codes");
        }
        var lengths = new byte[286 + 30 + 138];
        var order = new byte[CODE_LENGTH_ORDER.length];
        for (int i = 0; i < lengthCodes; i++) {
            refill();
            order[CODE_LENGTH_ORDER[i]] = (byte) (bits & 7);
            drop(3);
        }
        requireInput();
        int[] table = literals;
        build(table, CODE_LENGTH_BITS, order, 0, order.length, CODE_LENGTH_SYMBOLS);
        int codes = literalCodes + distanceCodes;
        int filled = 0;
        while (filled < codes) {
            refill();
            requireInput();
            int entry = table[(int) bits & (1 << CODE_LENGTH_BITS) - 1];
            if ((entry & INVALID) != 0) {
                throw new CorruptBlockException("has an invalid Deflate code");
            }
            drop(entry & 63);
            int symbol = entry >>> 16;
            if (symbol < 16) {
                lengths[filled++] = (byte) symbol;
                continue;
            }
            int repeat;
            byte value = 0;
            if (symbol == 16) {
                if (filled == 0) {
                    throw new CorruptBlockException("repeats a Deflate code length before the first");
                }
                value = lengths[filled - 1];
                repeat = 3 + ((int) bits & 3);
                drop(2);
            } else if (symbol == 17) {
                repeat = 3 + ((int) bits & 7);
                drop(3);
            } else {
                repeat = 11 + ((int) bits & 127);
                drop(7);
            }
            Arrays.fill(lengths, filled, filled + repeat, value);
            filled += repeat;
        }
        requireInput();
        if (filled > codes || lengths[END_OF_BLOCK] == 0) {
            throw new CorruptBlockException("has an invalid set of Deflate codes");
        }
        build(literals, LITERAL_BITS, lengths, 0, literalCodes, LITERAL_SYMBOLS);
        build(distances, DISTANCE_BITS, lengths, literalCodes, distanceCodes, DISTANCE_SYMBOLS);
    }

    /// Fills a table for the canonical code with these lengths.
    ///
    /// @param rootBits bits of the first look-up
    /// @param symbols what entries say of each symbol, with the number of its extra bits in the place of the bits
    private static void build(int[] table, int rootBits, byte[] lengths, int first, int symbols, int[] entries)
            throws CorruptBlockException {
        var counts = new int[MAX_CODE_BITS + 1];
        for (int i = 0; i < symbols; i++) {
            counts[lengths[first + i]]++;
        }
        int used = symbols - counts[0];
        counts[0] = 0;
        var starts = new int[MAX_CODE_BITS + 2];
        int free = 1;
        int longest = 0;
        for (int length = 1; length <= MAX_CODE_BITS; length++) {
            free = 2 * free - counts[length];
            if (free < 0) {
                throw new CorruptBlockException("has an over-full set of Deflate codes");
            }
            starts[length + 1] = starts[length] + counts[length];
            longest = counts[length] > 0 ? length : longest;
        }
        // A lone code of one bit is the only incomplete set that encoders write.
        if (free > 0 && longest > 1) {
            throw new CorruptBlockException("has an incomplete set of Deflate codes");
        }
        Arrays.fill(table, 0, 1 << rootBits, INVALID);
        var sorted = new int[used];
        for (int i = 0; i < symbols; i++) {
            int length = lengths[first + i];
            if (length > 0) {
                sorted[starts[length]++] = i;
            }
        }
        int code = 0;
        int length = 0;
        int next = 1 << rootBits;
        int prefix = -1;
        int subStart = 0;
        int subBits = 0;
        for (int symbol : sorted) {
            int wanted = lengths[first + symbol];
            code <<= wanted - length;
            length = wanted;
            int reversed = Integer.reverse(code) >>> 32 - length;
            code++;
            int entry = entries[symbol] & ~63 | length << 8 | length + (entries[symbol] & 63);
            if (length <= rootBits) {
                for (int i = reversed; i < 1 << rootBits; i += 1 << length) {
                    table[i] = entry;
                }
            } else {
                if ((reversed & (1 << rootBits) - 1) != prefix) {
                    prefix = reversed & (1 << rootBits) - 1;
                    subBits = length - rootBits;
                    int room = 1 << subBits;
                    while (subBits + rootBits < longest) {
                        room -= counts[subBits + rootBits];
                        if (room <= 0) {
                            break;
                        }
                        subBits++;
                        room <<= 1;
                    }
                    subStart = next;
                    next += 1 << subBits;
                    table[prefix] = LINK | subStart << 16 | subBits << 8;
                }
                for (int i = reversed >>> rootBits; i < 1 << subBits; i += 1 << length - rootBits) {
                    table[subStart + i] = entry;
                }
            }
            counts[length]--;
        }
    }

    /// Decodes the codes of a block.
    ///
    /// @return whether the block came to its end; if not, the output is full
    private boolean codes() throws CorruptBlockException {
        // Fields in local variables, and all in one method: this loop is nearly all of the time.
        byte[] in = this.in;
        byte[] out = this.out;
        int[] literals = this.literals;
        int[] distances = this.distances;
        int from = this.from;
        int to = this.to;
        long bits = this.bits;
        int count = this.count;
        int limit = out.length;
        int safe = in.length - 8;
        while (true) {
            if (from <= safe) {
                bits |= (long) LONG.get(in, from) << count;
                from += 63 - count >> 3;
                count |= 56;
            } else {
                this.from = from;
                this.bits = bits;
                this.count = count;
                refill();
                from = this.from;
                bits = this.bits;
                count = this.count;
                this.to = to;
                requireInput();
            }
            full = to == limit;
            int entry = literals[(int) bits & (1 << LITERAL_BITS) - 1];
            if (entry < 0 && limit - to >= 3) {
                // Three literals of at most eleven bits leave 23 of the 56 bits.
                out[to++] = (byte) (entry >> 16);
                bits >>>= entry;
                count -= entry & 63;
                entry = literals[(int) bits & (1 << LITERAL_BITS) - 1];
                if (entry < 0) {
                    out[to++] = (byte) (entry >> 16);
                    bits >>>= entry;
                    count -= entry & 63;
                    entry = literals[(int) bits & (1 << LITERAL_BITS) - 1];
                    if (entry < 0) {
                        out[to++] = (byte) (entry >> 16);
                        bits >>>= entry;
                        count -= entry & 63;
                        continue;
                    }
                }
                if (from > safe) {
                    continue;
                }
                bits |= (long) LONG.get(in, from) << count;
                from += 63 - count >> 3;
                count |= 56;
            }
            if ((entry & LINK) != 0) {
                entry = literals[(entry >>> 16) + ((int) (bits >>> LITERAL_BITS) & (1 << (entry >>> 8 & 15)) - 1)];
            }
            if ((entry & (END | INVALID)) != 0) {
                if ((entry & INVALID) != 0) {
                    throw new CorruptBlockException("has an invalid Deflate code");
                }
                this.from = from;
                this.to = to;
                this.bits = bits >>> entry;
                this.count = count - (entry & 63);
                return true;
            }
            if (to == limit) {
                this.to = to;
                return false;
            }
            if (entry < 0) {
                out[to++] = (byte) (entry >> 16);
                bits >>>= entry;
                count -= entry & 63;
                continue;
            }
            int length = (entry >>> 16) + ((int) (bits & (1L << entry) - 1) >>> (entry >>> 8 & 15));
            bits >>>= entry;
            count -= entry & 63;
            entry = distances[(int) bits & (1 << DISTANCE_BITS) - 1];
            if ((entry & LINK) != 0) {
                entry = distances[(entry >>> 16) + ((int) (bits >>> DISTANCE_BITS) & (1 << (entry >>> 8 & 15)) - 1)];
            }
            if ((entry & INVALID) != 0) {
                throw new CorruptBlockException("has an invalid Deflate code");
            }
            int distance = (entry >>> 16) + ((int) (bits & (1L << entry) - 1) >>> (entry >>> 8 & 15));
            bits >>>= entry;
            count -= entry & 63;
            int source = to - distance;
            if (source < 0) {
                throw new CorruptBlockException("refers to bytes before its first");
            }
            int end = Math.min(to + length, limit);
            if (distance >= 8 && end + 8 <= limit) {
                // Writes up to seven bytes too many, which are written again later.
                do {
                    LONG.set(out, to, (long) LONG.get(out, source));
                    to += 8;
                    source += 8;
                } while (to < end);
                to = end;
            } else {
                while (to < end) {
                    out[to++] = out[source++];
                }
            }
        }
    }
}
