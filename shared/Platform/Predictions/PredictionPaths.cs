namespace FlexEdit.Platform.Predictions;

/// <summary>Paths of predictions and files, relative to the server.</summary>
public static class PredictionPaths
{
    /// <summary>All predictions.</summary>
    public const string Predictions = "/v1/predictions";
    /// <summary>All files.</summary>
    public const string Files = "/v1/files";
    /// <summary>Streams. Under the path of files, because Replicate's client takes what a stream there gives out for files.</summary>
    public const string Streams = $"{Files}/streams";

    /// <summary>A prediction.</summary>
    public static string Of(string id) => $"{Predictions}/{id}";

    /// <summary>A result, with an extension by which programs name what they save.</summary>
    public static string Output(string id, int index, string contentType) =>
        $"{Of(id)}/outputs/{index}.{(contentType == "image/jpeg" ? "jpg" : contentType[(contentType.IndexOf('/', StringComparison.Ordinal) + 1)..])}";

    /// <summary>A prediction's events.</summary>
    public static string Stream(string id) => $"{Streams}/{id}";

    /// <summary>A file.</summary>
    public static string File(string id) => $"{Files}/{id}";
}
