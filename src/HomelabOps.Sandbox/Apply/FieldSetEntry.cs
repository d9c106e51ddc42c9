namespace HomelabOps.Sandbox.Apply;

/// <summary>One step of the paths of a set.</summary>
/// <param name="Element">The step.</param>
/// <param name="IsMember">Whether the path that ends here is in the set.</param>
/// <param name="Children">What the set has below.</param>
internal readonly record struct FieldSetEntry(PathElement Element, bool IsMember, FieldSet Children)
{
    public static Comparer<FieldSetEntry> Order { get; } = Comparer<FieldSetEntry>.Create(static (left, right) => PathElement.Order.Compare(left.Element, right.Element));
}
