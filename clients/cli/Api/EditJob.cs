namespace FlexEdit.Cli.Api;

/// <summary>An edit as the public API shows it; what this program does not use is left out, and unknown fields are ignored.</summary>
public sealed record EditJob
{
    /// <summary><c>edt_…</c>.</summary>
    public required string Id { get; init; }
    /// <summary>See <see cref="Contracts.Edits.EditStatus"/>; the list is open.</summary>
    public required string Status { get; init; }
    /// <summary>The step it is at; null before and after.</summary>
    public string? Stage { get; init; }
    /// <summary>Grows by one with every change.</summary>
    public long Sequence { get; init; }
    /// <summary>Model id.</summary>
    public string Model { get; init; } = "";
    /// <summary>τ.</summary>
    public string Instruction { get; init; } = "";
    /// <summary>What was chosen, defaults filled in.</summary>
    public JobOptions? Options { get; init; }
    /// <summary>The pictures as they were received.</summary>
    public JobInputs? Inputs { get; init; }
    /// <summary>The sampling step; null before the first.</summary>
    public JobProgress? Progress { get; init; }
    /// <summary>The place in the queue; null when not waiting.</summary>
    public JobQueue? Queue { get; init; }
    /// <summary>What the model made of mask and instruction; null until it has.</summary>
    public JobUnderstanding? Understanding { get; init; }
    /// <summary>The results.</summary>
    public IReadOnlyList<JobOutput> Outputs { get; init; } = [];
    /// <summary>Why it failed; null where it has not.</summary>
    public JobError? Error { get; init; }
    /// <summary>How long each stage took.</summary>
    public JobTimings? Timings { get; init; }
    /// <summary>When it was accepted, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The options that are shown.</summary>
public sealed record JobOptions
{
    /// <summary>Results wanted.</summary>
    public int N { get; init; }
    /// <summary>First seed.</summary>
    public uint Seed { get; init; }
    /// <summary>Sampler steps.</summary>
    public int Steps { get; init; }
}

/// <summary>The input pictures.</summary>
public sealed record JobInputs
{
    /// <summary>x1.</summary>
    public JobPicture? Scene { get; init; }
    /// <summary>m.</summary>
    public JobPicture? Mask { get; init; }
    /// <summary>x2; null for a single-image edit.</summary>
    public JobPicture? Subject { get; init; }
}

/// <summary>One input picture, upright.</summary>
public sealed record JobPicture
{
    /// <summary>Columns.</summary>
    public int Width { get; init; }
    /// <summary>Rows.</summary>
    public int Height { get; init; }
    /// <summary>What the server did to the upload, one sentence each.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];
}

/// <summary>Sampling steps done.</summary>
public sealed record JobProgress
{
    /// <summary>Done.</summary>
    public int Step { get; init; }
    /// <summary>In all.</summary>
    public int Steps { get; init; }
}

/// <summary>The place in the queue.</summary>
public sealed record JobQueue
{
    /// <summary>The next one to start has 1; null where the server does not know.</summary>
    public int? Position { get; init; }
}

/// <summary>What the model made of the mask and the instruction.</summary>
public sealed record JobUnderstanding
{
    /// <summary>Its sentence: <c>The masks mean "chair". …</c>.</summary>
    public string Answer { get; init; } = "";
    /// <summary>The thing it names.</summary>
    public string Label { get; init; } = "";
    /// <summary>Probability of the label, 0 to 1.</summary>
    public double Confidence { get; init; }
    /// <summary>Whether the second candidate is nearly as likely.</summary>
    public bool Ambiguous { get; init; }
    /// <summary>The likeliest labels, best first.</summary>
    public IReadOnlyList<JobCandidate> Candidates { get; init; } = [];
    /// <summary>Where the predicted whole mask is, relative to the server; null for a model without one.</summary>
    public string? FullMask { get; init; }
}

/// <summary>A label that the mask may mean.</summary>
public sealed record JobCandidate
{
    /// <summary>The thing.</summary>
    public string Label { get; init; } = "";
    /// <summary>Its probability, 0 to 1.</summary>
    public double Confidence { get; init; }
}

/// <summary>One result.</summary>
public sealed record JobOutput
{
    /// <summary>From 0.</summary>
    public int Index { get; init; }
    /// <summary>Where the picture is, relative to the server.</summary>
    public required string Url { get; init; }
    /// <summary>Its media type.</summary>
    public string ContentType { get; init; } = "";
    /// <summary>Columns.</summary>
    public int Width { get; init; }
    /// <summary>Rows.</summary>
    public int Height { get; init; }
    /// <summary>Its seed.</summary>
    public uint Seed { get; init; }
    /// <summary>SHA-256 of its bytes.</summary>
    public string Sha256 { get; init; } = "";
    /// <summary>The same without the provenance in the file, which names the edit: the same for the same pixels in the same format.</summary>
    public string PictureSha256 { get; init; } = "";
    /// <summary>The proof of what was left alone.</summary>
    public JobPreservation? Preservation { get; init; }
}

/// <summary>What a result changed, as the server claims.</summary>
public sealed record JobPreservation
{
    /// <summary>[x, y, width, height] around every pixel that differs.</summary>
    public IReadOnlyList<int> Region { get; init; } = [];
    /// <summary>Pixels that differ.</summary>
    public long ChangedPixels { get; init; }
    /// <summary>Pixels that differ where nothing should.</summary>
    public long ChangedOutside { get; init; }
    /// <summary>Where the picture of the changed pixels is.</summary>
    public string EditedMask { get; init; } = "";
    /// <summary>SHA-256 of the scene's RGBA pixels with the region set to zero.</summary>
    public string OutsideSha256Before { get; init; } = "";
    /// <summary>The same of the result.</summary>
    public string OutsideSha256After { get; init; } = "";
}

/// <summary>Why an edit failed.</summary>
public sealed record JobError
{
    /// <summary>Stable code.</summary>
    public string Code { get; init; } = "";
    /// <summary>One sentence.</summary>
    public string Detail { get; init; } = "";
    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable { get; init; }
}

/// <summary>Milliseconds per stage; null for one that has not ended.</summary>
public sealed record JobTimings
{
    /// <summary>Waiting before the first attempt.</summary>
    public double? QueuedMs { get; init; }
    /// <summary>The vision-language model.</summary>
    public double? UnderstandingMs { get; init; }
    /// <summary>Adapter, sampling, encoding.</summary>
    public double? GeneratingMs { get; init; }
    /// <summary>From acceptance to the end.</summary>
    public double? TotalMs { get; init; }
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The items.</summary>
    public IReadOnlyList<T> Data { get; init; } = [];
    /// <summary>Whether there are more.</summary>
    public bool HasMore { get; init; }
    /// <summary>Cursor of the next page; null on the last.</summary>
    public string? Next { get; init; }
}
