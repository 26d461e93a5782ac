package org.terrachange.search.train;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.terrachange.nn.tensor.Parameter;

/// The parts of a search model that keep the weights they begin with.
///
/// @param blocks how many of the first blocks of a vision transformer
/// @param stem what lies before its first block: patches, positions, class token and the first normalisation
/// @param trunk the whole image tower but its projection; the statistics of batch normalisation too
/// @param text the text tower
public record FrozenParts(int blocks, boolean stem, boolean trunk, boolean text) implements Predicate<Parameter> {
    /// Everything learns.
    public static final FrozenParts NONE = new FrozenParts(0, false, false, false);

    private static final Pattern BLOCK = Pattern.compile("visual\\.transformer\\.resblocks\\.(\\d+)\\..*");
    private static final Pattern STEM =
            Pattern.compile("visual\\.(conv1\\.weight|class_embedding|positional_embedding|ln_pre\\..*)");
    private static final Pattern TRUNK = Pattern.compile("encoder\\..*|visual\\.(?!ln_post|proj|attnpool).*");
    private static final Pattern TEXT = Pattern.compile(
            "token_embedding\\.weight|positional_embedding|transformer\\..*|ln_final\\..*|text_projection");

    public FrozenParts {
        if (blocks < 0) {
            throw new IllegalArgumentException("the number of frozen blocks is at least 0, got " + blocks);
        }
    }

    @Override
    public boolean test(Parameter parameter) {
        String name = parameter.name();
        Matcher block = BLOCK.matcher(name);
        return block.matches() && Integer.parseInt(block.group(1)) < blocks
                || stem && STEM.matcher(name).matches()
                || trunk && TRUNK.matcher(name).matches()
                || text && TEXT.matcher(name).matches();
    }
}
