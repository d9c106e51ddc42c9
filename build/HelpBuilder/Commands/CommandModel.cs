namespace HomelabOps.HelpBuilder.Commands;

/// <summary>What the assembly says about one cmdlet.</summary>
internal sealed record CommandModel(string Verb, string Noun)
{
    public string Name => $"{Verb}-{Noun}";

    public string? HelpUri { get; init; }

    public string? DefaultSet { get; init; }

    /// <summary>Full names, as [OutputType] gives them; none for void.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Own parameters first, then those of the base classes; WhatIf and Confirm last.</summary>
    public IReadOnlyList<ParameterModel> Parameters { get; init; } = [];

    /// <summary>"get, list on pods", one entry a resource.</summary>
    public IReadOnlyList<string> Rights { get; init; } = [];

    /// <summary>The names of the parameter sets, the default one first; one unnamed set where there are none.</summary>
    public IReadOnlyList<string> Sets
    {
        get
        {
            var named = Parameters.SelectMany(p => p.Members).Select(m => m.Set).Where(s => s != SetMember.AllSets).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (DefaultSet is not null && (named.Count > 0 || DefaultSet != SetMember.AllSets))
            {
                // A default set without a parameter of its own is a set all the same.
                named.RemoveAll(s => s.Equals(DefaultSet, StringComparison.OrdinalIgnoreCase));
                named.Insert(0, DefaultSet);
            }

            return named.Count == 0 ? [SetMember.AllSets] : named;
        }
    }
}

/// <summary>One parameter with all its [Parameter] attributes.</summary>
internal sealed record ParameterModel(string Name, TypeName Type)
{
    public bool IsSwitch => Type.Full == "System.Management.Automation.SwitchParameter";

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public bool Wildcards { get; init; }

    /// <summary>From [ValidateSet], else the names of an enum.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>From [PSDefaultValue], else the number that the property is initialized with.</summary>
    public string? Default { get; init; }

    public IReadOnlyList<SetMember> Members { get; init; } = [];

    public bool Hidden => Members.All(m => m.Hidden);

    public SetMember? In(string set) =>
        Members.FirstOrDefault(m => m.Set.Equals(set, StringComparison.OrdinalIgnoreCase))
        ?? Members.FirstOrDefault(m => m.Set == SetMember.AllSets);
}

/// <summary>A parameter's part in one parameter set.</summary>
internal sealed record SetMember(string Set)
{
    public const string AllSets = "__AllParameterSets";

    public bool Mandatory { get; init; }

    public int? Position { get; init; }

    public bool ByValue { get; init; }

    public bool ByPropertyName { get; init; }

    public bool Hidden { get; init; }
}

/// <summary>A type as help shows it (string[]) and as the assembly names it (System.String[]).</summary>
internal sealed record TypeName(string Short, string Full)
{
    /// <summary>The full name of one item where the type is an array or a Nullable, else of the type.</summary>
    public string Element { get; init; } = Full;
}
