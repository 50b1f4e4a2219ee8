using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>One object of a rendered chart, and ways into it.</summary>
internal sealed record Manifest(YamlNode Node)
{
    public string Kind => this["kind"].Text;

    public string Name => this["metadata", "name"].Text;

    public bool IsThere => Node is not YamlScalarNode { Value: null or "" };

    public string Text => ((YamlScalarNode)Node).Value ?? "";

    public int Number => int.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>What is at a path; nothing (not <see cref="IsThere"/>) where there is nothing.</summary>
    public Manifest this[params string[] path]
    {
        get
        {
            var node = Node;
            foreach (var name in path)
                node = node is YamlMappingNode map && map.Children.TryGetValue(name, out var next) ? next : new YamlScalarNode();
            return new Manifest(node);
        }
    }

    /// <summary>The entries of a list; none where there is none.</summary>
    public IEnumerable<Manifest> Items => Node is YamlSequenceNode list ? list.Select(item => new Manifest(item)) : [];

    /// <summary>The entries of a map, as text where they are text.</summary>
    public IReadOnlyDictionary<string, Manifest> Entries =>
        Node is YamlMappingNode map ? map.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => new Manifest(pair.Value)) : new Dictionary<string, Manifest>();

    /// <summary>The pod of a workload.</summary>
    public Manifest Pod => this["spec", "template", "spec"];

    public IEnumerable<Manifest> Containers => Pod["containers"].Items.Concat(Pod["initContainers"].Items);
}
