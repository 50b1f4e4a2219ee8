using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Decoding;

/// <summary>What a child process made of a <see cref="DecodeRequest"/>: one line of JSON on its standard output.</summary>
internal sealed record DecodeAnswer
{
    /// <summary>Width of the PNG, upright.</summary>
    public int Width { get; init; }
    /// <summary>Height of the PNG, upright.</summary>
    public int Height { get; init; }
    /// <summary>Media type of the file that was read; null for shapes.</summary>
    public string? ContentType { get; init; }
    /// <summary>What was done to the file, one sentence each.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];
    /// <summary>The file that was read, where it is another picture than the PNG (masks); else null.</summary>
    public DecodedSource? Source { get; init; }
    /// <summary>What the mask of an inspected scene is; else null.</summary>
    public MaskFindings? Inspection { get; init; }
    /// <summary>A code of <see cref="ErrorCodes"/> where nothing was made; null on success.</summary>
    public string? Code { get; init; }
    /// <summary>The sentence that goes with the code.</summary>
    public string? Detail { get; init; }
    /// <summary>The field at fault.</summary>
    public string? Param { get; init; }

    /// <summary>A refusal.</summary>
    public static DecodeAnswer Refused(string code, string detail, string param) => new() { Code = code, Detail = detail, Param = param };

    /// <summary>Throws where nothing was made.</summary>
    /// <exception cref="ProblemException">413 for too large a picture, 415 for an unread kind, else 422.</exception>
    public DecodeAnswer OrThrow() => Code is null ? this : throw new ProblemException(new Problem
    {
        Status = Code switch { ErrorCodes.ImageTooLarge or ErrorCodes.PayloadTooLarge => 413, ErrorCodes.UnsupportedImage => 415, _ => 422 },
        Code = Code,
        Detail = Detail ?? "The picture cannot be used.",
        Param = Param,
    });
}

/// <summary>A file as it was decoded, before it was read as a mask.</summary>
/// <param name="Width">Width, upright.</param>
/// <param name="Height">Height, upright.</param>
/// <param name="Report">What decoding did to it.</param>
internal sealed record DecodedSource(int Width, int Height, IReadOnlyList<string> Report);

/// <summary>What a mask is, at the scene's size.</summary>
internal sealed record MaskFindings
{
    /// <summary>Pixels that are marked.</summary>
    public required int Marked { get; init; }
    /// <summary>How the file was read; null for shapes.</summary>
    public string? Polarity { get; init; }
    /// <summary>Connected pieces.</summary>
    public required int Components { get; init; }
    /// <summary>[x, y, width, height] around all that is marked; null where nothing is.</summary>
    public IReadOnlyList<int>? Box { get; init; }
    /// <summary>Whether a pixel at the picture's edge is marked.</summary>
    public required bool TouchesEdge { get; init; }
    /// <summary>EXIF orientation of the scene, 1 to 8.</summary>
    public required int Orientation { get; init; }
    /// <summary>What was done to the mask's file.</summary>
    public required IReadOnlyList<string> Report { get; init; }
}
