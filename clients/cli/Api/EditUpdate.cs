namespace FlexEdit.Cli.Api;

/// <summary>Something that happened to an edit, in the order of its event stream.</summary>
public abstract record EditUpdate;

/// <summary>Status or stage changed.</summary>
/// <param name="Job">The edit, at least as new as the change.</param>
public sealed record JobChanged(EditJob Job) : EditUpdate;

/// <summary>A sampling step is done.</summary>
/// <param name="Output">Output index, from 0.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record StepDone(int Output, int Step, int Steps) : EditUpdate;

/// <summary>The picture as it forms.</summary>
/// <param name="Output">Output index, from 0.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Image">A small JPEG as a <c>data:</c> URI.</param>
public sealed record PreviewCame(int Output, int Step, string Image) : EditUpdate;
