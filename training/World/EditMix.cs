namespace FlexEdit.Training.World;

/// <summary>How often each operation is trained.</summary>
public static class EditMix
{
    /// <summary>All operations; those that draw a thing from its name, the hardest, most often.</summary>
    public static IReadOnlyDictionary<EditOperation, double> All { get; } = new Dictionary<EditOperation, double>
    {
        [EditOperation.AddSubject] = 0.14,
        [EditOperation.AddNamed] = 0.2,
        [EditOperation.Remove] = 0.1,
        [EditOperation.ReplaceSubject] = 0.14,
        [EditOperation.ReplaceNamed] = 0.14,
        [EditOperation.Recolour] = 0.15,
        [EditOperation.Paint] = 0.13,
    };
}
