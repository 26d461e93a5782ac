package org.terrachange.data.synthetic;

/// The share of light that a surface sends back, by colour, 0 to 1 on a linear scale.
record Albedo(float red, float green, float blue) {

    static Albedo of(double red, double green, double blue) {
        return new Albedo((float) red, (float) green, (float) blue);
    }

    Albedo times(double factor) {
        return of(red * factor, green * factor, blue * factor);
    }

    /// A colour between this one and another: 0 gives this, 1 the other.
    Albedo mix(Albedo other, double share) {
        return of(
                red + share * (other.red - red),
                green + share * (other.green - green),
                blue + share * (other.blue - blue));
    }
}
