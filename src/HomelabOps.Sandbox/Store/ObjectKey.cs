namespace HomelabOps.Sandbox.Store;

/// <summary>Name and namespace; the namespace of cluster-wide objects is empty.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    /// <summary>The order of lists: that of the paths in etcd, where "a-b/x" comes before "a/x".</summary>
    public int CompareTo(ObjectKey other)
    {
        var byNamespace = CompareNamespaces(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    private static int CompareNamespaces(string left, string right)
    {
        if (left == right)
        {
            return 0;
        }

        var shared = left.AsSpan().CommonPrefixLength(right);
        var a = shared < left.Length ? left[shared] : '/';
        var b = shared < right.Length ? right[shared] : '/';
        return a.CompareTo(b);
    }
}
