package org.terrachange.nn.tensor;

/// Where and in which number format a network computes.
///
/// @param device that holds weights and activations
/// @param precision of the activations
public record ComputeMode(Device device, Precision precision) {

    /// On the processor, in float32: the reference that everything else is compared with.
    public static final ComputeMode REFERENCE = new ComputeMode(Device.CPU, Precision.FP32);

    /// The settings of these names; `auto` takes the best that this machine has.
    ///
    /// @throws IllegalArgumentException for an unknown name, and for a device that is not there
    public static ComputeMode parse(String device, String precision) {
        Device chosen = Device.parse(device);
        boolean free = precision.equalsIgnoreCase("auto");
        return new ComputeMode(chosen, free && chosen == Device.CUDA ? Precision.BF16 : Precision.parse(precision));
    }
}
