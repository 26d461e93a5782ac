package org.terrachange.data.synthetic;

/// Which objects count as change in the truth.
public enum TruthClasses {
    /// Buildings alone, as in LEVIR-CD.
    BUILDINGS,
    /// Buildings and the streets and roads built or removed with them.
    BUILDINGS_AND_ROADS
}
