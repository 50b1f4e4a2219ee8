namespace FlexEdit.Models.Lora;

/// <summary>Which of an update's parts a tensor is.</summary>
internal enum LoraPart
{
    /// <summary>The first factor.</summary>
    Down,

    /// <summary>The second factor.</summary>
    Up,

    /// <summary>The number that the scale is made of.</summary>
    Alpha,
}

/// <summary>PEFT's names.</summary>
internal static class PeftNames
{
    private const string Wrapper = "base_model.model.";

    /// <summary>Layer and part of a tensor's name; null when it is none of an update.</summary>
    public static (string Layer, LoraPart Part)? Split(string name)
    {
        foreach (var (marker, part) in new[] { (".lora_A.", LoraPart.Down), (".lora_B.", LoraPart.Up) })
        {
            var at = name.LastIndexOf(marker, StringComparison.Ordinal);
            if (at < 0 || !name.EndsWith("weight", StringComparison.Ordinal))
                continue;
            var layer = name[..at];
            return (layer.StartsWith(Wrapper, StringComparison.Ordinal) ? layer[Wrapper.Length..] : layer, part);
        }
        return null;
    }
}

/// <summary>The names that kohya's training scripts write, and most people's Stable Diffusion adapters have.</summary>
public static class KohyaNames
{
    /// <summary>What stands before the UNet's layers.</summary>
    public const string Unet = "lora_unet_";

    /// <summary>What stands before the text encoder's layers.</summary>
    public const string TextEncoder = "lora_te_";

    internal static (string Layer, LoraPart Part)? Split(string name)
    {
        foreach (var (ending, part) in new[] { (".lora_down.weight", LoraPart.Down), (".lora_up.weight", LoraPart.Up), (".alpha", LoraPart.Alpha) })
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return (name[..^ending.Length], part);
        }
        return null;
    }
}
