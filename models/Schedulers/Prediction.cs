using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Turns what a network says about a sample into the clean sample or the noise that it implies.</summary>
internal static class Prediction
{
    /// <summary>The clean sample x0, from output and sample of the same shape.</summary>
    public static Tensor Clean(PredictionType type, Tensor output, Tensor sample, NoiseLevel level)
    {
        var (signal, noise) = (level.Signal, level.Noise);
        var scale = level.Scale;
        return type switch
        {
            PredictionType.Epsilon => (sample - (output * noise)) / signal,
            PredictionType.Sample => output.alias(),
            // Scaled to the variance-preserving process that v is defined for.
            PredictionType.VPrediction => (sample * (signal / (scale * scale))) - (output * (noise / scale)),
            PredictionType.FlowPrediction => (sample - (output * noise)) / (signal + noise),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a prediction type."),
        };
    }

    /// <summary>The noise ε, from output and sample of the same shape.</summary>
    public static Tensor Noise(PredictionType type, Tensor output, Tensor sample, NoiseLevel level)
    {
        var (signal, noise) = (level.Signal, level.Noise);
        var scale = level.Scale;
        return type switch
        {
            PredictionType.Epsilon => output.alias(),
            PredictionType.Sample => (sample - (output * signal)) / noise,
            PredictionType.VPrediction => (output * (signal / scale)) + (sample * (noise / (scale * scale))),
            PredictionType.FlowPrediction => (sample + (output * signal)) / (signal + noise),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a prediction type."),
        };
    }
}
