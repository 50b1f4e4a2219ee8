using System.Text.Json.Nodes;
using FlexEdit.Masks.Shapes;

namespace FlexEdit.Training.Benchmark;

/// <summary>A drawn shape as the API's JSON.</summary>
internal static class MarkJson
{
    public static JsonObject Of(MarkShape mark)
    {
        JsonObject json = mark switch
        {
            CircleMark c => new() { ["type"] = "circle", ["cx"] = c.CentreX, ["cy"] = c.CentreY, ["r"] = c.Radius },
            RectangleMark r => new() { ["type"] = "rectangle", ["x"] = r.X, ["y"] = r.Y, ["width"] = r.Width, ["height"] = r.Height },
            PolygonMark p => new() { ["type"] = p.Points.Count == 3 ? "triangle" : "polygon", ["points"] = new JsonArray([.. p.Points.Select(q => (JsonNode)new JsonArray(q.X, q.Y))]) },
            _ => throw new ArgumentException($"{mark.GetType().Name} is no drawn shape.", nameof(mark)),
        };
        if (mark.Rotation != 0)
            json["rotation"] = mark.Rotation;
        if (mark.Hollow is { } line)
            json["hollow"] = line;
        return json;
    }
}
