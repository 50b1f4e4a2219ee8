using FlexEdit.Models.Layers;

namespace FlexEdit.Models.Lora;

/// <summary>The published <c>adapter_config.json</c> of a PEFT LoRA adapter, as far as it decides what the adapter computes.</summary>
public sealed record LoraConfig
{
    /// <summary>Rank of the updates.</summary>
    public int R { get; init; } = 8;
    /// <summary>The updates are scaled by this divided by the rank.</summary>
    public double LoraAlpha { get; init; } = 8;
    /// <summary>Divide by the root of the rank instead (Kalajdzievski 2023).</summary>
    public bool UseRslora { get; init; }
    /// <summary>Weights split into length and direction; only false is supported.</summary>
    public bool UseDora { get; init; }
    /// <summary>Weights stored the other way round; only false is supported.</summary>
    public bool FanInFanOut { get; init; }
    /// <summary>Trained biases; only <c>none</c> is supported.</summary>
    public string Bias { get; init; } = "none";
    /// <summary>Ranks of single layers; only none are supported.</summary>
    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();
    /// <summary>Alphas of single layers; only none are supported.</summary>
    public IReadOnlyDictionary<string, double> AlphaPattern { get; init; } = new Dictionary<string, double>();

    /// <summary>What the product of the two factors is multiplied by.</summary>
    public double Scale() => LoraAlpha / (UseRslora ? Math.Sqrt(R) : R);

    /// <summary>Reads a configuration from the text of its file.</summary>
    /// <exception cref="NotSupportedException">It asks for what is not built; everything is listed.</exception>
    public static LoraConfig Parse(string json)
    {
        var config = PublishedConfig.Parse<LoraConfig>(json);
        List<string> wrong = [];
        if (config.R < 1)
            wrong.Add($"r={config.R}");
        if (config.UseDora)
            wrong.Add("use_dora=true");
        if (config.FanInFanOut)
            wrong.Add("fan_in_fan_out=true");
        if (config.Bias != "none")
            wrong.Add($"bias={config.Bias}");
        if (config.RankPattern is { Count: > 0 })
            wrong.Add("rank_pattern");
        if (config.AlphaPattern is { Count: > 0 })
            wrong.Add("alpha_pattern");
        return wrong.Count == 0 ? config : throw new NotSupportedException($"The adapter's configuration asks for what is not built: {string.Join(", ", wrong)}.");
    }
}
