namespace FlexEdit.Models.Editing;

/// <summary>
/// An edit method as the generation service runs it: the unit of work is one sampling step over whatever edits are in flight,
/// each at its own time step. A result does not depend on its neighbours.
/// Not thread-safe: an engine calls it from one thread.
/// </summary>
public interface IEditModel : IDisposable
{
    /// <summary>Side R of the square crop in pixels.</summary>
    int Resolution { get; }

    /// <summary>Encodes the pictures, draws the noise and computes what does not depend on the time step (K and V of every block).</summary>
    IEditInFlight Begin(GenerationRequest request);

    /// <summary>Runs one step of every edit given; all guidance branches of all edits go through the network in one call.</summary>
    void Step(IReadOnlyList<IEditInFlight> edits);

    /// <summary>The picture as far as it has formed: R·R·3 bytes RGB.</summary>
    byte[] Preview(IEditInFlight edit);

    /// <summary>Decodes a finished edit.</summary>
    GeneratedCrop Finish(IEditInFlight edit);
}

/// <summary>One picture being sampled. Dispose releases its tensors.</summary>
public interface IEditInFlight : IDisposable
{
    /// <summary>Steps done.</summary>
    int Step { get; }
    /// <summary>Steps in all.</summary>
    int Steps { get; }
}

/// <summary>What is needed to paint one picture.</summary>
public sealed record GenerationRequest
{
    /// <summary>Scene crop, R·R·3 bytes RGB.</summary>
    public required byte[] Scene { get; init; }
    /// <summary>Free-shape mask of the crop, R·R bytes, 255 marks.</summary>
    public required byte[] Mask { get; init; }
    /// <summary>Predicted full mask of the crop, R·R bytes of probability·255; null where there is none.</summary>
    public byte[]? FullMask { get; init; }
    /// <summary>Subject letterboxed to R·R·3 bytes RGB; null for a single-image edit.</summary>
    public byte[]? Subject { get; init; }
    /// <summary>Subject's opacity at the same size, R·R bytes; null where the picture has no transparency.</summary>
    public byte[]? SubjectAlpha { get; init; }
    /// <summary>Edit embedding e.</summary>
    public required float[] Embedding { get; init; }
    /// <summary>Tokens N and width D of e.</summary>
    public required (int Tokens, int Width) EmbeddingShape { get; init; }
    /// <summary>Seed of the noise.</summary>
    public required uint Seed { get; init; }
    /// <summary>Sampler steps.</summary>
    public required int Steps { get; init; }
    /// <summary>s_T.</summary>
    public required double GuidanceScale { get; init; }
    /// <summary>s_I.</summary>
    public required double ImageGuidanceScale { get; init; }
    /// <summary>λ of eq. 7; 0 without a subject.</summary>
    public required double SubjectScale { get; init; }
}

/// <summary>A finished crop.</summary>
public sealed record GeneratedCrop
{
    /// <summary>The result, R·R·3 bytes RGB.</summary>
    public required byte[] Picture { get; init; }
    /// <summary>How much each pixel belongs to the edited region, R·R bytes, 0 to 255: where the result differs from the decoded reconstruction of the scene, joined with the full mask where one is given.</summary>
    public required byte[] EditedRegion { get; init; }
    /// <summary>How the model was shown the subject within the scene; null where it was not.</summary>
    public PastedSubject? Subject { get; init; }
}

/// <summary>A subject pasted over the scene as a first guess (<see cref="Collage"/>).</summary>
/// <param name="Placement">Where.</param>
/// <param name="Alpha">Its opacity, R·R bytes; null where all of its picture was pasted.</param>
/// <param name="Collage">The scene with it, R·R·3 bytes RGB.</param>
public sealed record PastedSubject(CollagePlacement Placement, byte[]? Alpha, byte[] Collage);
