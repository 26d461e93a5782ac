package org.terrachange.nn.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// How 8-bit RGB becomes the input of a network: divided by 255, then `(value - mean) / deviation` per channel. A
/// network is only right with the normalisation it was trained with, so this travels in its checkpoint.
///
/// @param mean of red, green and blue, on the scale 0 to 1
/// @param deviation the same
public record ImageNormalization(List<Double> mean, List<Double> deviation) {
    /// Division by 255 alone.
    public static final ImageNormalization NONE =
            new ImageNormalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

    /// The statistics of ImageNet that most published encoders expect.
    public static final ImageNormalization IMAGENET =
            new ImageNormalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    public ImageNormalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != 3 || deviation.size() != 3 || deviation.stream().anyMatch(d -> !(d > 0))) {
            throw new IllegalArgumentException(
                    "normalisation needs three means and three positive deviations, got " + mean + " and " + deviation);
        }
    }

    /// As metadata of a checkpoint: `mean` and `std`, red, green and blue.
    public Map<String, String> toMetadata() {
        return Map.of("mean", join(mean), "std", join(deviation));
    }

    /// The normalisation that metadata state; empty where they state none.
    ///
    /// @throws IllegalArgumentException if what they state is none
    public static Optional<ImageNormalization> of(Map<String, String> metadata) {
        String mean = metadata.get("mean");
        return mean == null
                ? Optional.empty()
                : Optional.of(new ImageNormalization(numbers(mean), numbers(metadata.getOrDefault("std", ""))));
    }

    private static String join(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
    }

    /// Images as a network takes them.
    ///
    /// @param images `[count, 3, height, width]`, 8-bit
    /// @return the same shape, channels-last in memory; belongs to the caller's pointer scope
    public Tensor apply(byte[] images, int count, int height, int width, ComputeMode mode) {
        if (images.length != 3L * count * height * width) {
            throw new IllegalArgumentException(
                    images.length + " samples are not " + count + " RGB images of " + width + "x" + height);
        }
        Tensor bytes = torch.from_blob(
                new BytePointer(images), new long[] {count, 3, height, width}, new TensorOptions(ScalarType.Byte));
        // Bytes travel to the device, a quarter of what floats would be.
        Tensor there = mode.device().of(bytes);
        return scaled(there.to(ScalarType.Float).contiguous(torch.MemoryFormat.ChannelsLast), mode);
    }

    private Tensor scaled(Tensor values, ComputeMode mode) {
        Tensor shift = mode.device().of(channel(i -> mean.get(i) * 255));
        Tensor factor = mode.device().of(channel(i -> 1 / (255 * deviation.get(i))));
        Tensor normalised = values.sub_(shift).mul_(factor);
        return mode.precision() == Precision.FP32
                ? normalised
                : normalised.to(mode.precision().scalarType());
    }

    private static Tensor channel(java.util.function.IntToDoubleFunction value) {
        return torch.tensor(
                        (float) value.applyAsDouble(0), (float) value.applyAsDouble(1), (float) value.applyAsDouble(2))
                .view(1, 3, 1, 1);
    }
}
