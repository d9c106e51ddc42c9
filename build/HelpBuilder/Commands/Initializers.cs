using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;

namespace HomelabOps.HelpBuilder.Commands;

/// <summary>
/// Numbers that properties are initialized with. They are no metadata, but compilers write them at the beginning of the constructor and always in
/// the same way: load this, load the number, store it in the field of the property.
/// </summary>
internal static class Initializers
{
    private const byte LoadThis = 0x02;
    private const byte LoadMinusOne = 0x15;
    private const byte LoadEight = 0x1E;
    private const byte LoadShort = 0x1F;
    private const byte LoadLong = 0x20;
    private const byte StoreField = 0x7D;

    /// <summary>The number that an automatic property of type int begins with; null where it begins with none, or 0.</summary>
    public static string? NumberOf(PropertyInfo property)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (property.PropertyType.FullName != "System.Int32" || property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Own) is not { } field)
        {
            return null;
        }

        return property.DeclaringType.GetConstructors(Own).Select(constructor => Find(constructor.GetMethodBody()?.GetILAsByteArray() ?? [], field.MetadataToken)).FirstOrDefault(number => number is not null)?.ToString(CultureInfo.InvariantCulture);
    }

    private static int? Find(ReadOnlySpan<byte> code, int field)
    {
        for (var at = 2; at + 5 <= code.Length; at++)
        {
            if (code[at] == StoreField && BinaryPrimitives.ReadInt32LittleEndian(code[(at + 1)..]) == field && Loaded(code[..at]) is { } number)
            {
                return number;
            }
        }

        return null;
    }

    private static int? Loaded(ReadOnlySpan<byte> code) => code switch
    {
        [.., LoadThis, LoadLong, _, _, _, _] => BinaryPrimitives.ReadInt32LittleEndian(code[^4..]),
        [.., LoadThis, LoadShort, var number] => (sbyte)number,
        [.., LoadThis, >= LoadMinusOne and <= LoadEight and var load] => load - LoadMinusOne - 1,
        _ => null,
    };
}
