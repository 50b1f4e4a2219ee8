using FlexEdit.Evaluation.Judges;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>The networks that metrics are taken with. What is not there is null, and its metrics are missing; no number is made up.</summary>
public sealed class MetricNetworks : IDisposable
{
    /// <summary>For CLIP-T, CLIP-I and instruction following.</summary>
    public ITextEmbedder? Clip { get; init; }

    /// <summary>For DINO.</summary>
    public IPictureEmbedder? Dino { get; init; }

    /// <summary>For LPIPS.</summary>
    public IPerceptualMeter? Lpips { get; init; }

    /// <summary>What is used for what, for reports.</summary>
    public IReadOnlyDictionary<string, string> Names => new Dictionary<string, string>
    {
        ["clip"] = Clip?.Name ?? "none",
        ["dino"] = Dino?.Name ?? "none",
        ["lpips"] = Lpips?.Name ?? "none",
    };

    /// <summary>Opens the published networks where a folder is given, else this project's judges where they are there.</summary>
    /// <param name="judges">Folder with <c>judge-clip</c> and <c>judge-dino</c>; null or missing for none.</param>
    /// <param name="clip">Folder of a published CLIP (<c>config.json</c>, weights, tokenizer, <c>preprocessor_config.json</c>); null for the judge.</param>
    /// <param name="dino">Folder of a published DINOv2; null for the judge.</param>
    /// <param name="lpips">Folder with <c>alex.safetensors</c> or <c>vgg.safetensors</c>: linear layers and trunk; null for the judge.</param>
    /// <exception cref="Models.Checkpoints.CheckpointException">A file does not fit.</exception>
    public static MetricNetworks Open(string? judges, string? clip = null, string? dino = null, string? lpips = null)
    {
        var ownClip = Judge(judges, "judge-clip") is { } clipFolder ? JudgeClip.Open(clipFolder) : null;
        var ownDino = dino is null && Judge(judges, "judge-dino") is { } dinoFolder ? JudgeDino.Open(dinoFolder) : null;
        return new MetricNetworks
        {
            Clip = clip is null ? ownClip : PublishedClip.Open(clip),
            Dino = dino is null ? ownDino : PublishedDino.Open(dino),
            Lpips = lpips is not null ? PublishedLpips.Open(lpips) : ownClip is null ? null : new JudgeMeter(ownClip.Trunk),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clip?.Dispose();
        Dino?.Dispose();
        Lpips?.Dispose();
    }

    private static string? Judge(string? judges, string name) =>
        judges is not null && File.Exists(Path.Combine(judges, name, "weights.safetensors")) ? Path.Combine(judges, name) : null;
}
