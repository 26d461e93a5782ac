package org.terrachange.nn.tensor;

import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/// Where networks compute.
public enum Device {
    CPU(DeviceType.CPU),
    /// The first NVIDIA graphics card; present where the application was built with the Maven profile `cuda`
    /// and the driver and CUDA's libraries are installed.
    CUDA(DeviceType.CUDA);

    private final DeviceType type;

    Device(DeviceType type) {
        this.type = type;
    }

    /// The device named `cpu` or `cuda`; `auto` is [#best].
    ///
    /// @throws IllegalArgumentException for any other name, and for a device that is not there
    public static Device parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> best();
            case "cpu" -> CPU;
            case "cuda" -> {
                requireCuda();
                yield CUDA;
            }
            default -> throw new IllegalArgumentException("unknown device \"" + name + "\": choose auto, cpu or cuda");
        };
    }

    /// The graphics card where there is one, else the processor.
    public static Device best() {
        return torch.cuda_is_available() ? CUDA : CPU;
    }

    private static void requireCuda() {
        if (torch.cuda_is_available()) {
            return;
        }
        // libtorch denies having CUDA also where its libraries are there and those of CUDA itself are not.
        String library = "/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/libtorch_cuda.so";
        throw new IllegalArgumentException(
                Device.class.getResource(library) == null
                        ? "this build holds the libraries for the processor alone: build with -Pcuda, or use --device cpu"
                        : "no CUDA device answers: check the driver with nvidia-smi and that the libraries of CUDA 13 and"
                                + " cuDNN 9 are on LD_LIBRARY_PATH, or use --device cpu");
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A tensor on this device: the same one where it is there already, else a copy.
    public Tensor of(Tensor tensor) {
        return tensor.device().type() == type ? tensor : tensor.to(on(), tensor.scalar_type());
    }

    /// Zeros on this device, float32.
    Tensor zeros(long size) {
        return torch.zeros(new long[] {size}, new TensorOptions(on()));
    }

    private org.bytedeco.pytorch.Device on() {
        return new org.bytedeco.pytorch.Device(type);
    }
}
