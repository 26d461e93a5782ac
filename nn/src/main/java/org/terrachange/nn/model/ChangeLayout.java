package org.terrachange.nn.model;

import java.util.Locale;
import org.terrachange.nn.layer.ConvFactory;

/// The published shapes of change detector. A layout's name stands in the metadata of every checkpoint.
public enum ChangeLayout {
    /// ResNet-50 and a plain decoder with biased convolutions; logits at half resolution. The layout of the
    /// original Python application, whose weights load unchanged.
    TERRACHANGE_V1("terrachange-v1", ResNet.Depth.RESNET50),
    /// ResNet-50 without its last stage and a normalised decoder over narrowed differences that ends at full
    /// resolution.
    TERRACHANGE_R50("terrachange-r50", ResNet.Depth.RESNET50),
    /// ResNet-18 and a light, batch-normalised decoder that ends at full resolution.
    TERRACHANGE_LITE("terrachange-lite", ResNet.Depth.RESNET18);

    private final String label;
    private final ResNet.Depth encoder;

    ChangeLayout(String label, ResNet.Depth encoder) {
        this.label = label;
        this.encoder = encoder;
    }

    public String label() {
        return label;
    }

    public ResNet.Depth encoder() {
        return encoder;
    }

    /// Puts the network together over the given units.
    public ChangeNetwork build(ConvFactory convs) {
        return switch (this) {
            case TERRACHANGE_V1 -> new SiameseUNet(encoder, convs);
            case TERRACHANGE_R50 -> new PyramidSiameseUNet(encoder, convs);
            case TERRACHANGE_LITE -> new LightSiameseUNet(encoder, convs);
        };
    }

    /// The layout of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static ChangeLayout parse(String name) {
        for (ChangeLayout layout : values()) {
            if (layout.label.equals(name.toLowerCase(Locale.ROOT))) {
                return layout;
            }
        }
        throw new IllegalArgumentException(
                "unknown layout \"" + name + "\": choose terrachange-r50, terrachange-lite or terrachange-v1");
    }
}
