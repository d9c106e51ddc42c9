namespace HomelabOps.HelpBuilder.Commands;

/// <summary>Names types as the engine's own syntax lines do.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> Accelerators = new(StringComparer.Ordinal)
    {
        ["System.String"] = "string",
        ["System.Char"] = "char",
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.Int16"] = "short",
        ["System.Int32"] = "int",
        ["System.Int64"] = "long",
        ["System.UInt16"] = "ushort",
        ["System.UInt32"] = "uint",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.DateTime"] = "datetime",
        ["System.Object"] = "Object",
        ["System.Uri"] = "uri",
        ["System.TimeSpan"] = "timespan",
        ["System.Guid"] = "guid",
        ["System.Collections.Hashtable"] = "hashtable",
        ["System.Management.Automation.PSObject"] = "psobject",
        ["System.Management.Automation.ScriptBlock"] = "scriptblock",
        ["System.Management.Automation.PSCredential"] = "pscredential",
    };

    public static TypeName Of(Type type)
    {
        var shown = Unwrapped(type);
        return new TypeName(Short(shown), Full(shown)) { Element = Full(ElementOf(type)) };
    }

    /// <summary>What one value is: the item of an array, the type within a Nullable.</summary>
    public static Type ElementOf(Type type)
    {
        var shown = Unwrapped(type);
        return shown.IsArray ? Unwrapped(shown.GetElementType()!) : shown;
    }

    private static Type Unwrapped(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1" ? type.GetGenericArguments()[0] : type;

    private static string Short(Type type)
    {
        if (type.IsArray)
        {
            return Short(type.GetElementType()!) + "[]";
        }

        return type.IsGenericType
            ? $"{Plain(type.Name)}[{string.Join(",", type.GetGenericArguments().Select(Short))}]"
            : Accelerators.GetValueOrDefault(type.FullName ?? type.Name, type.Name);
    }

    private static string Full(Type type)
    {
        if (type.IsArray)
        {
            return Full(type.GetElementType()!) + "[]";
        }

        return type.IsGenericType
            ? $"{type.Namespace}.{Plain(type.Name)}[{string.Join(",", type.GetGenericArguments().Select(Full))}]"
            : type.FullName ?? type.Name;
    }

    private static string Plain(string name) => name.IndexOf('`', StringComparison.Ordinal) is > 0 and var tick ? name[..tick] : name;
}
