using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>The code's own doc comments, read from the files that the compiler writes beside the assemblies.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>What a type is; null where nothing says so.</summary>
    public string? Of(Type type) => Plain(Member(type, $"T:{Name(type)}")?.Element("summary"));

    /// <summary>What a property is, from its own comment or that of the record's parameter; null where nothing says so.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Plain(Member(type, $"P:{Name(type)}.{property.Name}")?.Element("summary"))
            ?? Plain(Member(type, $"T:{Name(type)}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == property.Name));
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private XElement? Member(Type type, string key)
    {
        if (!_files.TryGetValue(type.Assembly, out var members))
        {
            var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
            members = XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);
            _files.Add(type.Assembly, members);
        }

        return members.GetValueOrDefault(key);
    }

    private static string? Plain(XElement? comment) =>
        comment is null ? null : Spaces().Replace(string.Concat(comment.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(((string?)see.Attribute("cref") ?? "").Split('.')[^1])}`",
        XElement other => other.Value,
        _ => node.ToString(),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
