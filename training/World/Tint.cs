namespace FlexEdit.Training.World;

/// <summary>Another colour for an object.</summary>
/// <param name="Colour">Which.</param>
/// <param name="Flat">True paints it flat; false keeps its shading.</param>
internal sealed record Tint(WorldColour Colour, bool Flat)
{
    /// <summary>The new colour of a pixel, 0 to 255.</summary>
    public (float Red, float Green, float Blue) Apply(float red, float green, float blue)
    {
        if (Flat)
            return (Colour.Red, Colour.Green, Colour.Blue);
        // Mid grey keeps the named colour as it is; what is darker dims it, what is brighter lifts it towards white.
        var light = 0.4f + (0.85f * ((0.299f * red) + (0.587f * green) + (0.114f * blue)) / 255f);
        var gloss = Math.Max(0, light - 1) * 255;
        var shade = Math.Min(1, light);
        return (
            Math.Min(255, (Colour.Red * shade) + gloss),
            Math.Min(255, (Colour.Green * shade) + gloss),
            Math.Min(255, (Colour.Blue * shade) + gloss));
    }
}
