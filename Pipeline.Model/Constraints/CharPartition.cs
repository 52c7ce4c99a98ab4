using Pipeline.Model.Constraints.Patterns;

namespace Pipeline.Model.Constraints;

/// <summary>Characters that a pattern never tells apart, as one class: a step need be found once a class instead of once a character.</summary>
internal sealed class CharPartition
{
    private readonly ushort[] _classes = new ushort[char.MaxValue + 1];

    /// <param name="ranges">All that the pattern asks for.</param>
    public CharPartition(IEnumerable<CharRange> ranges)
    {
        bool[] begins = new bool[_classes.Length + 1];
        foreach (CharRange range in ranges.Distinct())
        {
            begins[range.First] = begins[range.Last + 1] = true;
        }

        int current = 0;
        for (int value = 1; value < _classes.Length; value++)
        {
            current += begins[value] ? 1 : 0;
            _classes[value] = (ushort)current;
        }

        Count = current + 1;
    }

    public int Count { get; }

    /// <returns>0 to <see cref="Count"/> − 1, ascending with the characters.</returns>
    public int ClassOf(char value) => _classes[value];
}
