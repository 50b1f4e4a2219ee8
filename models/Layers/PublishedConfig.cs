using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Layers;

/// <summary>Reads the <c>config.json</c> of a published network: names in snake case, unknown entries ignored, absent ones at the published defaults.</summary>
public static class PublishedConfig
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        WriteIndented = true,
    };

    /// <summary>Reads a configuration from the text of its JSON file.</summary>
    /// <exception cref="JsonException">The text is no JSON object, or a value has another type.</exception>
    public static T Parse<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The configuration is null.");

    /// <summary>Reads a configuration from a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">The text is no JSON object, or a value has another type.</exception>
    public static T Read<T>(string path) where T : class => Parse<T>(File.ReadAllText(path));

    /// <summary>Writes a configuration under its published names.</summary>
    public static string Format<T>(T config) where T : class => JsonSerializer.Serialize(config, Options);
}
