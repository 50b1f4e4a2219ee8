namespace FlexEdit.Gateway.Doors;

/// <summary>What an edit without a mask means at the doors.</summary>
internal static class WholePicture
{
    /// <summary>Marks more than the largest picture; what lies outside of the scene counts for nothing.</summary>
    public const string Marks = """[{"type":"rectangle","x":0,"y":0,"width":100000,"height":100000}]""";
}
