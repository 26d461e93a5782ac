package org.terrachange.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.search.model.SearchCard;

/// A model's card as a page shows it.
///
/// @param task what the model does
/// @param name what it is called
/// @param facts what a user must know
/// @param metrics scores that the card states
public record CardView(String task, String name, List<Fact> facts, List<Fact> metrics) {

    /// A term and what is said of it.
    public record Fact(String term, String value) {}

    static CardView of(ModelCard card) {
        return new CardView(
                "Change detection",
                card.name(),
                List.of(
                        new Fact("Layout", card.layout().label()),
                        new Fact("Threshold", String.format(Locale.ROOT, "%.2f", card.threshold())),
                        new Fact(
                                "Pixels on the ground",
                                String.format(Locale.ROOT, "%.2g to %.2g m", card.minGsd(), card.maxGsd())),
                        new Fact("Trained on", card.trainingData()),
                        new Fact("Terms of use", card.licence())),
                metrics(card.metrics()));
    }

    static CardView of(SearchCard card) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("How the dates are joined", card.strategy().label()));
        facts.add(new Fact("Vectors", card.architecture().embedDim() + " numbers"));
        facts.add(new Fact(
                "Images",
                card.architecture().imageSize() + " x " + card.architecture().imageSize()));
        if (card.windowMetres().isPresent()) {
            facts.add(new Fact(
                    "A window shows",
                    String.format(
                            Locale.ROOT, "%.0f m of ground", card.windowMetres().getAsDouble())));
        }
        facts.add(new Fact("Trained on", card.trainingData()));
        facts.add(new Fact("Terms of use", card.licence()));
        return new CardView("Search by words", card.name(), facts, metrics(card.metrics()));
    }

    private static List<Fact> metrics(Map<String, String> metrics) {
        return metrics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Fact(entry.getKey(), entry.getValue()))
                .toList();
    }
}
