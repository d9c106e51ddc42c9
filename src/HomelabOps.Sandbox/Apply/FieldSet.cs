using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>A set of paths in an object, as a tree. It does not change once it is made, so sets share their parts.</summary>
internal sealed class FieldSet : IEquatable<FieldSet>
{
    private readonly FieldSetEntry[] _entries;

    private FieldSet(FieldSetEntry[] entries) => _entries = entries;

    private enum Operation
    {
        Union,
        Difference,
        Intersection,
    }

    public static FieldSet Empty { get; } = new([]);

    public bool IsEmpty => _entries.Length == 0;

    /// <summary>Makes a set of its entries; an element has one of them.</summary>
    public static FieldSet Of(List<FieldSetEntry>? entries)
    {
        if (entries is not { Count: > 0 })
        {
            return Empty;
        }

        entries.Sort(static (left, right) => PathElement.Order.Compare(left.Element, right.Element));
        return new([.. entries]);
    }

    /// <summary>Reads <c>fieldsV1</c>; null for what is none.</summary>
    public static FieldSet? FromJson(JsonNode? json)
    {
        if (json is not JsonObject map)
        {
            return null;
        }

        var entries = new List<FieldSetEntry>(map.Count);
        foreach (var (text, inner) in map)
        {
            if (text == ".")
            {
                continue;
            }

            if (PathElement.Parse(text) is not { } element || FromJson(inner) is not { } children)
            {
                return null;
            }

            entries.Add(new(element, inner is not JsonObject { Count: > 0 } fields || fields.ContainsKey("."), children));
        }

        var set = Of(entries);

        // The same element in two ways of writing: the last counts.
        return set.HasTwice() ? new([.. entries.GroupBy(entry => entry.Element).Select(same => same.Last()).OrderBy(entry => entry.Element, PathElement.Order)]) : set;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var entry in _entries)
        {
            var inner = entry.Children.ToJson();
            if (entry.IsMember && inner.Count > 0)
            {
                inner.Insert(0, ".", new JsonObject());
            }

            json[entry.Element.Text] = inner;
        }

        return json;
    }

    /// <summary>Whether the path of this one element is in the set.</summary>
    public bool Has(PathElement element) => Find(element) is { IsMember: true };

    /// <summary>What the set has below an element.</summary>
    public FieldSet Below(PathElement element) => Find(element)?.Children ?? Empty;

    public FieldSet Union(FieldSet other) => Combine(this, other, Operation.Union);

    public FieldSet Difference(FieldSet other) => Combine(this, other, Operation.Difference);

    public FieldSet Intersection(FieldSet other) => Combine(this, other, Operation.Intersection);

    /// <summary>With each object that holds a member, where the object is a field of a known type and no entry of a free map or list.</summary>
    public FieldSet WithParents(PatchSchema schema) => new(Array.ConvertAll(_entries, entry =>
    {
        var name = entry.Element.FieldName;
        var isParent = !entry.Children.IsEmpty && name is not null && schema.IsDeclared(name);
        return entry with { IsMember = entry.IsMember || isParent, Children = entry.Children.WithParents(name is null ? schema : schema.Field(name).Schema) };
    }));

    /// <summary>All paths as messages write them; what is nearer to the root comes first.</summary>
    public IEnumerable<string> Paths() => Paths("");

    public bool Equals(FieldSet? other) => ReferenceEquals(this, other) || (other is not null && _entries.AsSpan().SequenceEqual(other._entries));

    public override bool Equals(object? obj) => Equals(obj as FieldSet);

    public override int GetHashCode() => _entries.Length;

    public override string ToString() => ToJson().ToJsonString();

    private static FieldSet Combine(FieldSet left, FieldSet right, Operation operation)
    {
        if (ReferenceEquals(left, right))
        {
            return operation == Operation.Difference ? Empty : left;
        }

        if (left.IsEmpty)
        {
            return operation == Operation.Union ? right : left;
        }

        if (right.IsEmpty)
        {
            return operation == Operation.Intersection ? right : left;
        }

        return Merged(left, right, operation);
    }

    // Both are in order, so one walk along both is enough.
    private static FieldSet Merged(FieldSet left, FieldSet right, Operation operation)
    {
        var entries = new List<FieldSetEntry>(left._entries.Length);
        var (l, r, isLeft) = (0, 0, true);
        while (l < left._entries.Length || r < right._entries.Length)
        {
            var order = l == left._entries.Length ? 1 : r == right._entries.Length ? -1 : PathElement.Order.Compare(left._entries[l].Element, right._entries[r].Element);
            if (order != 0)
            {
                var one = order < 0 ? left._entries[l++] : right._entries[r++];
                if (order < 0 ? operation != Operation.Intersection : operation == Operation.Union)
                {
                    entries.Add(one);
                    isLeft &= order < 0;
                }
                else
                {
                    isLeft &= order > 0;
                }

                continue;
            }

            var (mine, others) = (left._entries[l++], right._entries[r++]);
            var both = new FieldSetEntry(mine.Element, IsMember(mine.IsMember, others.IsMember, operation), Combine(mine.Children, others.Children, operation));
            isLeft &= both.IsMember == mine.IsMember && ReferenceEquals(both.Children, mine.Children);
            if (both.IsMember || !both.Children.IsEmpty)
            {
                entries.Add(both);
            }
        }

        return isLeft ? left : entries.Count == 0 ? Empty : new([.. entries]);
    }

    private static bool IsMember(bool left, bool right, Operation operation) => operation switch
    {
        Operation.Union => left || right,
        Operation.Difference => left && !right,
        _ => left && right,
    };

    private FieldSetEntry? Find(PathElement element)
    {
        var index = _entries.AsSpan().BinarySearch(new FieldSetEntry(element, false, this), FieldSetEntry.Order);
        return index < 0 ? null : _entries[index];
    }

    private bool HasTwice()
    {
        for (var index = 1; index < _entries.Length; index++)
        {
            if (_entries[index].Element == _entries[index - 1].Element)
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<string> Paths(string prefix) => _entries.Where(entry => entry.IsMember).Select(entry => prefix + entry.Element)
        .Concat(_entries.SelectMany(entry => entry.Children.Paths(prefix + entry.Element)));
}
