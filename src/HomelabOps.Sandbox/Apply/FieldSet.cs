using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>A set of paths in an object, as a tree. It does not change once it is made.</summary>
internal sealed class FieldSet : IEquatable<FieldSet>
{
    private readonly SortedDictionary<PathElement, Node> _nodes;

    private FieldSet(SortedDictionary<PathElement, Node> nodes) => _nodes = nodes;

    public static FieldSet Empty { get; } = new(new(PathElement.Order));

    public bool IsEmpty => _nodes.Count == 0;

    public static FieldSet Of(IEnumerable<IReadOnlyList<PathElement>> paths)
    {
        var root = new Node();
        foreach (var path in paths.Where(path => path.Count > 0))
        {
            var node = root;
            foreach (var element in path)
            {
                node = node.Descend(element);
            }

            node.IsMember = true;
        }

        return root.ToSet();
    }

    /// <summary>Reads <c>fieldsV1</c>; null for what is none.</summary>
    public static FieldSet? FromJson(JsonNode? json)
    {
        var nodes = new SortedDictionary<PathElement, Node>(PathElement.Order);
        foreach (var (text, inner) in json as JsonObject ?? [])
        {
            if (text == ".")
            {
                continue;
            }

            if (PathElement.Parse(text) is not { } element || FromJson(inner) is not { } children)
            {
                return null;
            }

            nodes[element] = new Node { IsMember = inner is not JsonObject { Count: > 0 } map || map.ContainsKey("."), Children = children };
        }

        return json is JsonObject ? new(nodes) : null;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, node) in _nodes)
        {
            var inner = node.Children.ToJson();
            if (node.IsMember && inner.Count > 0)
            {
                inner.Insert(0, ".", new JsonObject());
            }

            json[element.Text] = inner;
        }

        return json;
    }

    /// <summary>Whether the path of this one element is in the set.</summary>
    public bool Has(PathElement element) => _nodes.TryGetValue(element, out var node) && node.IsMember;

    /// <summary>What the set has below an element.</summary>
    public FieldSet Below(PathElement element) => _nodes.TryGetValue(element, out var node) ? node.Children : Empty;

    public FieldSet Union(FieldSet other) => Combine(other, static (left, right) => left || right);

    public FieldSet Difference(FieldSet other) => Combine(other, static (left, right) => left && !right);

    public FieldSet Intersection(FieldSet other) => Combine(other, static (left, right) => left && right);

    /// <summary>With each object that holds a member, where the object is a field of a known type and no entry of a free map or list.</summary>
    public FieldSet WithParents(PatchSchema schema)
    {
        var nodes = new SortedDictionary<PathElement, Node>(PathElement.Order);
        foreach (var (element, node) in _nodes)
        {
            var name = element.FieldName;
            var isParent = !node.Children.IsEmpty && name is not null && schema.IsDeclared(name);
            var inner = name is null ? schema : schema.Field(name).Schema;
            nodes[element] = new Node { IsMember = node.IsMember || isParent, Children = node.Children.WithParents(inner) };
        }

        return new(nodes);
    }

    /// <summary>All paths as messages write them; what is nearer to the root comes first.</summary>
    public IEnumerable<string> Paths() => Paths("");

    public bool Equals(FieldSet? other) => other is not null && Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    public override bool Equals(object? obj) => Equals(obj as FieldSet);

    public override int GetHashCode() => _nodes.Count;

    public override string ToString() => ToJson().ToJsonString();

    private IEnumerable<string> Paths(string prefix) => _nodes.Where(node => node.Value.IsMember).Select(node => prefix + node.Key)
        .Concat(_nodes.SelectMany(node => node.Value.Children.Paths(prefix + node.Key)));

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> isMember)
    {
        var nodes = new SortedDictionary<PathElement, Node>(PathElement.Order);
        foreach (var element in _nodes.Keys.Union(other._nodes.Keys))
        {
            var node = new Node { IsMember = isMember(Has(element), other.Has(element)), Children = Below(element).Combine(other.Below(element), isMember) };
            if (node.IsMember || !node.Children.IsEmpty)
            {
                nodes.Add(element, node);
            }
        }

        return new(nodes);
    }

    private sealed class Node
    {
        private static readonly SortedDictionary<PathElement, Node> Nothing = new(PathElement.Order);

        private SortedDictionary<PathElement, Node>? _building;

        public bool IsMember { get; set; }

        public FieldSet Children { get; init; } = Empty;

        public Node Descend(PathElement element)
        {
            _building ??= new(PathElement.Order);
            if (!_building.TryGetValue(element, out var node))
            {
                node = new Node();
                _building.Add(element, node);
            }

            return node;
        }

        public FieldSet ToSet()
        {
            var nodes = new SortedDictionary<PathElement, Node>(PathElement.Order);
            foreach (var (element, node) in _building ?? Nothing)
            {
                nodes.Add(element, new Node { IsMember = node.IsMember, Children = node.ToSet() });
            }

            return new(nodes);
        }
    }
}
