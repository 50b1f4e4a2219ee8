namespace FlexEdit.Training.World;

/// <summary>A named colour.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public sealed record WorldColour(string Name, byte Red, byte Green, byte Blue);

/// <summary>The colours of the world's language.</summary>
public static class WorldColours
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WorldColour> All { get; } =
    [
        new("red", 216, 40, 40), new("orange", 240, 132, 30), new("yellow", 245, 214, 50), new("green", 48, 165, 70), new("blue", 45, 100, 225),
        new("purple", 140, 66, 200), new("pink", 245, 130, 180), new("brown", 128, 80, 45), new("black", 34, 34, 36), new("white", 244, 244, 244),
    ];
}
