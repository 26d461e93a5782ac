package org.terrachange.detect.pretrain;

/// Logistic regression on fixed features, both answers weighted equally, by gradient descent with momentum on
/// standardised features under a little weight decay.
final class LinearProbe {
    private static final int STEPS = 300;
    private static final double RATE = 0.1;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 1e-2;

    private final double[] mean;
    private final double[] scale;
    private final double[] weights;
    private final double bias;

    private LinearProbe(double[] mean, double[] scale, double[] weights, double bias) {
        this.mean = mean;
        this.scale = scale;
        this.weights = weights;
        this.bias = bias;
    }

    /// Learns which rows have the answer yes.
    static LinearProbe fit(float[][] rows, boolean[] answers) {
        int width = rows[0].length;
        double[] mean = new double[width];
        double[] scale = new double[width];
        for (float[] row : rows) {
            for (int j = 0; j < width; j++) {
                mean[j] += row[j] / rows.length;
            }
        }
        for (float[] row : rows) {
            for (int j = 0; j < width; j++) {
                scale[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / rows.length;
            }
        }
        for (int j = 0; j < width; j++) {
            scale[j] = 1 / Math.sqrt(scale[j] * width + 1e-12);
        }
        int yes = 0;
        for (boolean answer : answers) {
            yes += answer ? 1 : 0;
        }
        double[] share = {0.5 / Math.max(1, answers.length - yes), 0.5 / Math.max(1, yes)};
        double[] weights = new double[width];
        double[] velocity = new double[width];
        double bias = 0;
        double biasVelocity = 0;
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = new double[width];
            double biasGradient = 0;
            for (int i = 0; i < rows.length; i++) {
                double logit = bias;
                for (int j = 0; j < width; j++) {
                    logit += weights[j] * (rows[i][j] - mean[j]) * scale[j];
                }
                double error = (1 / (1 + Math.exp(-logit)) - (answers[i] ? 1 : 0)) * share[answers[i] ? 1 : 0];
                biasGradient += error;
                for (int j = 0; j < width; j++) {
                    gradient[j] += error * (rows[i][j] - mean[j]) * scale[j];
                }
            }
            // Features are scaled to a joint variance of 1, so that one rate suits every encoder.
            for (int j = 0; j < width; j++) {
                velocity[j] = MOMENTUM * velocity[j] + gradient[j] * width + DECAY * weights[j];
                weights[j] -= RATE * velocity[j];
            }
            biasVelocity = MOMENTUM * biasVelocity + biasGradient;
            bias -= RATE * biasVelocity;
        }
        return new LinearProbe(mean, scale, weights, bias);
    }

    /// Whether a row has the answer yes.
    boolean tells(float[] row) {
        double logit = bias;
        for (int j = 0; j < row.length; j++) {
            logit += weights[j] * (row[j] - mean[j]) * scale[j];
        }
        return logit > 0;
    }
}
