using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Sizes of a <see cref="PatchAutoencoder"/>; in JSON the names are in snake case (<c>latent_channels</c>).</summary>
public sealed record PatchAutoencoderConfig
{
    /// <summary>Channels of a latent, 1 to 192.</summary>
    public int LatentChannels { get; init; } = 32;

    /// <summary>Channels of the decoder's convolutions at the latents' size; 0 leaves the decoder linear.</summary>
    public int DecoderWidth { get; init; } = 96;

    /// <summary>Residual blocks of the decoder at the latents' size.</summary>
    public int DecoderBlocks { get; init; } = 4;

    /// <summary>Channels of the decoder's convolutions at half the picture's size.</summary>
    public int DecoderPixelWidth { get; init; } = 24;

    /// <summary>Residual blocks of the decoder at half the picture's size.</summary>
    public int DecoderPixelBlocks { get; init; } = 2;

    /// <summary>Channels of the encoder's convolutions; 0 leaves the encoder linear.</summary>
    public int EncoderWidth { get; init; }

    /// <summary>Residual blocks of the encoder, used where <see cref="EncoderWidth"/> is not 0.</summary>
    public int EncoderBlocks { get; init; } = 2;

    /// <summary>Reads a configuration; keys it does not know are left alone.</summary>
    /// <exception cref="JsonException">Not a JSON object of this form.</exception>
    public static PatchAutoencoderConfig FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var config = JsonSerializer.Deserialize<PatchAutoencoderConfig>(json, Json) ?? throw new JsonException("The configuration is null.");
        if (config.LatentChannels is < 1 or > LinearPatchCode.PatchLength)
            throw new JsonException($"latent_channels is {config.LatentChannels}; it must be 1 to {LinearPatchCode.PatchLength}.");
        return config;
    }

    /// <summary>The configuration as JSON, as <see cref="FromJson"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        WriteIndented = true,
    };
}
