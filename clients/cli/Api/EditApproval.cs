namespace FlexEdit.Cli.Api;

/// <summary>What is sent to <c>POST /v1/edits/{id}/approve</c>. What is null stays as it is.</summary>
public sealed record EditApproval
{
    /// <summary>What the mask means instead of what the model thinks.</summary>
    public string? Label { get; init; }
    /// <summary>Another τ.</summary>
    public string? Instruction { get; init; }
    /// <summary>Another m: a picture file; null when <see cref="Shapes"/> are given or the mask stays.</summary>
    public string? MaskPath { get; init; }
    /// <summary>How a mask file is meant.</summary>
    public string? MaskPolarity { get; init; }
    /// <summary>Another m: a JSON list of marks.</summary>
    public string? Shapes { get; init; }

    /// <summary>The request body, without one where nothing is corrected. The file is opened here and closed with it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public MultipartFormDataContent? ToContent()
    {
        if (this == new EditApproval())
            return null;
        var content = new MultipartFormDataContent();
        content.AddText("label", Label);
        content.AddText("instruction", Instruction);
        content.AddFile("mask", MaskPath);
        content.AddText("mask_polarity", MaskPolarity);
        content.AddText("mask_shapes", Shapes);
        return content;
    }
}
