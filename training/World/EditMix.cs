namespace FlexEdit.Training.World;

/// <summary>How often each operation is trained.</summary>
public static class EditMix
{
    /// <summary>All operations; adding, the hardest, most often.</summary>
    public static IReadOnlyDictionary<EditOperation, double> All { get; } = new Dictionary<EditOperation, double>
    {
        [EditOperation.AddSubject] = 0.28,
        [EditOperation.AddNamed] = 0.12,
        [EditOperation.Remove] = 0.14,
        [EditOperation.ReplaceSubject] = 0.16,
        [EditOperation.ReplaceNamed] = 0.08,
        [EditOperation.Recolour] = 0.12,
        [EditOperation.Paint] = 0.10,
    };
}
