using System.Runtime.InteropServices;
using ContactCenter.Domain;

namespace ContactCenter.Realtime;

public enum Side
{
    Contact,
    Staff,
}

/// <summary>Who reads a log: an entry is rendered once for each audience that has viewers on this node.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Audience(Side Side, string Language)
{
    /// <summary>How many audiences there are: two sides in each language.</summary>
    public static int Count => 2 * Languages.All.Count;

    /// <summary>This audience's place among all, from 0.</summary>
    public int Index
    {
        get
        {
            for (var i = 0; i < Languages.All.Count; i++)
                if (Languages.All[i] == Language) return ((int)Side * Languages.All.Count) + i;
            throw new InvalidOperationException($"'{Language}' is not a language of the interface.");
        }
    }
}
