using System.Reflection;

namespace HomelabOps.HelpBuilder.Commands;

/// <summary>
/// Reads the cmdlets of an assembly from its metadata. Nothing of it is executed, so that neither the engine nor the
/// assembly's dependencies have to work in this process.
/// </summary>
internal static class AssemblyReader
{
    private const string Engine = "System.Management.Automation.";

    public static IReadOnlyList<CommandModel> Read(string assembly, IEnumerable<string> references)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(assembly))!;
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        // The framework comes first: of several files with one name the resolver takes the first that fits.
        var files = Directory.EnumerateFiles(framework, "*.dll")
            .Concat(references.Select(Path.GetFullPath))
            .Concat(Directory.EnumerateFiles(folder, "*.dll"))
            .Distinct(StringComparer.Ordinal);

        using var context = new MetadataLoadContext(new PathAssemblyResolver(files));
        return [.. context.LoadFromAssemblyPath(Path.GetFullPath(assembly)).GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false, IsPublic: true })
            .Select(Command)
            .OfType<CommandModel>()
            .OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    private static CommandModel? Command(Type type)
    {
        if (Attributes(type, Engine + "CmdletAttribute").FirstOrDefault() is not { } cmdlet)
        {
            return null;
        }

        var verb = (string)cmdlet.ConstructorArguments[0].Value!;
        var noun = (string)cmdlet.ConstructorArguments[1].Value!;
        return new CommandModel(verb, noun)
        {
            HelpUri = Named<string>(cmdlet, "HelpUri"),
            DefaultSet = Named<string>(cmdlet, "DefaultParameterSetName"),
            Outputs = [.. Attributes(type, Engine + "OutputTypeAttribute").SelectMany(Outputs).Distinct(StringComparer.Ordinal)],
            Parameters = [.. Parameters(type), .. EngineParameters(cmdlet)],
            Rights = Rights(type),
        };
    }

    private static IEnumerable<string> Outputs(CustomAttributeData output) =>
        output.ConstructorArguments
            .SelectMany(a => a.Value is IEnumerable<CustomAttributeTypedArgument> items ? items : [a])
            .Select(a => a.Value is Type type ? TypeNames.Of(type).Full : (string)a.Value!)
            .Where(name => name != "System.Void");

    private static IEnumerable<ParameterModel> Parameters(Type type)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var level = type; level is not null; level = level.BaseType)
        {
            foreach (var property in level.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                // An overriding or hiding property replaces the base's, with its attributes.
                if (property.GetSetMethod() is not null && Parameter(property) is { } parameter && seen.Add(parameter.Name))
                {
                    yield return parameter;
                }
            }
        }
    }

    private static ParameterModel? Parameter(PropertyInfo property)
    {
        var members = Attributes(property, Engine + "ParameterAttribute").Select(Member).ToList();
        if (members.Count == 0)
        {
            return null;
        }

        var standard = Attributes(property, Engine + "PSDefaultValueAttribute").FirstOrDefault();
        return new ParameterModel(property.Name, TypeNames.Of(property.PropertyType))
        {
            Members = members,
            Aliases = [.. Attributes(property, Engine + "AliasAttribute").SelectMany(Strings)],
            Wildcards = Attributes(property, Engine + "SupportsWildcardsAttribute").Any(),
            Values = [.. Values(property)],
            Default = standard is null ? Initializers.NumberOf(property) : Named<string>(standard, "Help") ?? Convert.ToString(Named<object>(standard, "Value"), System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static SetMember Member(CustomAttributeData parameter) => new(Named<string>(parameter, "ParameterSetName") ?? SetMember.AllSets)
    {
        Mandatory = Flag(parameter, "Mandatory"),
        Position = parameter.NamedArguments.FirstOrDefault(a => a.MemberName == "Position").TypedValue.Value is int position and >= 0 ? position : null,
        ByValue = Flag(parameter, "ValueFromPipeline"),
        ByPropertyName = Flag(parameter, "ValueFromPipelineByPropertyName"),
        Hidden = Flag(parameter, "DontShow"),
    };

    private static IEnumerable<string> Values(PropertyInfo property)
    {
        if (Attributes(property, Engine + "ValidateSetAttribute").FirstOrDefault() is { } set)
        {
            // The form that takes a generator class has no values in the metadata.
            return set.ConstructorArguments.Any(a => a.Value is Type) ? [] : Strings(set);
        }

        var type = TypeNames.ElementOf(property.PropertyType);
        return type.IsEnum
            ? type.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(f => Convert.ToDecimal(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)).Select(f => f.Name)
            : [];
    }

    /// <summary>What the engine adds because of a switch on [Cmdlet].</summary>
    private static IEnumerable<ParameterModel> EngineParameters(CustomAttributeData cmdlet)
    {
        var toggle = new TypeName("SwitchParameter", Engine + "SwitchParameter");
        IReadOnlyList<SetMember> everywhere = [new SetMember(SetMember.AllSets)];
        if (Flag(cmdlet, "SupportsPaging"))
        {
            var number = new TypeName("ulong", "System.UInt64");
            yield return new ParameterModel("IncludeTotalCount", toggle) { Members = everywhere };
            yield return new ParameterModel("Skip", number) { Members = everywhere };
            yield return new ParameterModel("First", number) { Members = everywhere };
        }

        if (Flag(cmdlet, "SupportsShouldProcess"))
        {
            yield return new ParameterModel("WhatIf", toggle) { Members = everywhere, Aliases = ["wi"] };
            yield return new ParameterModel("Confirm", toggle) { Members = everywhere, Aliases = ["cf"] };
        }
    }

    private static IReadOnlyList<string> Rights(Type type)
    {
        var rights = new List<(string Verb, string Resource)>();
        for (var level = type; level is not null; level = level.BaseType)
        {
            foreach (var access in Attributes(level, "HomelabOps.RequiresAccessAttribute"))
            {
                var parts = Strings(access).ToList();
                rights.Add((parts[0], parts[1].Length == 0 ? parts[2] : $"{parts[2]}.{parts[1]}"));
            }
        }

        return [.. rights.GroupBy(r => r.Resource, StringComparer.Ordinal)
            .Select(g => $"{string.Join(", ", g.Select(r => r.Verb).Distinct(StringComparer.Ordinal))} on {g.Key}")];
    }

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType.FullName == name);

    private static IEnumerable<string> Strings(CustomAttributeData attribute) =>
        attribute.ConstructorArguments
            .SelectMany(a => a.Value is IEnumerable<CustomAttributeTypedArgument> items ? items : [a])
            .Select(a => (string?)a.Value ?? "");

    private static T? Named<T>(CustomAttributeData attribute, string name)
        where T : class =>
        attribute.NamedArguments.FirstOrDefault(a => a.MemberName == name).TypedValue.Value as T;

    private static bool Flag(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.MemberName == name).TypedValue.Value is true;
}
