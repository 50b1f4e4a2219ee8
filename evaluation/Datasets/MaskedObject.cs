using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>An object of a data set with its true mask.</summary>
/// <param name="Id">Unique in the data set, and fit for a file's name.</param>
/// <param name="Picture">The picture's file name; null where the data set has masks only.</param>
/// <param name="Label">Its category; null where there is none.</param>
/// <param name="Expression">A sentence that refers to it; null where there is none.</param>
/// <param name="Mask">Its pixels, not empty.</param>
public sealed record MaskedObject(string Id, string? Picture, string? Label, string? Expression, Mask Mask);
