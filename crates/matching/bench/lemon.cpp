// LEMON's network simplex on a CHB1 file; prints a JSON line. Build: g++ -O3 -march=native -std=c++17 lemon.cpp -o lemon
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <utility>
#include <vector>

using Graph = lemon::StaticDigraph;

static double cpu() { return double(std::clock()) / CLOCKS_PER_SEC; }

template <class T> static std::vector<T> take(std::ifstream &in, size_t count) {
    std::vector<T> values(count);
    in.read(reinterpret_cast<char *>(values.data()), count * sizeof(T));
    return values;
}

int main(int, char **arguments) {
    std::ifstream in(arguments[1], std::ios::binary);
    take<char>(in, 4);
    const auto people = take<uint32_t>(in, 2);
    const size_t mentees = people[0], mentors = people[1], pairs = take<uint64_t>(in, 1)[0];
    const int64_t unmatched = take<int32_t>(in, 2)[0];
    const auto seats = take<uint32_t>(in, mentors);
    const auto starts = take<uint64_t>(in, mentees + 1);
    const auto columns = take<uint32_t>(in, pairs);
    const auto costs = take<int32_t>(in, pairs);
    const int sink = int(mentees + mentors);
    std::vector<std::pair<int, int>> ends;
    std::vector<int64_t> cost, most;
    for (size_t i = 0; i < mentees; i++) {
        for (auto e = starts[i]; e < starts[i + 1]; e++) {
            ends.push_back({int(i), int(mentees + columns[e])}), cost.push_back(costs[e]), most.push_back(1);
        }
        ends.push_back({int(i), sink}), cost.push_back(unmatched), most.push_back(1);
    }
    for (size_t j = 0; j < mentors; j++) ends.push_back({int(mentees + j), sink}), cost.push_back(0), most.push_back(seats[j]);
    Graph graph;
    graph.build(sink + 1, ends.begin(), ends.end());
    Graph::ArcMap<int64_t> costs_of(graph), most_of(graph);
    Graph::NodeMap<int64_t> supply(graph, 0);
    for (size_t e = 0; e < ends.size(); e++) costs_of[graph.arc(e)] = cost[e], most_of[graph.arc(e)] = most[e];
    for (size_t i = 0; i < mentees; i++) supply[graph.node(i)] = 1;
    supply[graph.node(sink)] = -int64_t(mentees);
    lemon::NetworkSimplex<Graph, int64_t, int64_t> solver(graph);
    solver.upperMap(most_of).costMap(costs_of).supplyMap(supply);
    const double begin = cpu();
    if (solver.run() != solver.OPTIMAL) return 1;
    const double seconds = cpu() - begin;
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"solver\":\"lemon\",\"cost\":%lld,\"solve_cpu_s\":%.4f,\"peak_rss_mib\":%ld}\n", (long long)solver.totalCost(), seconds, usage.ru_maxrss / 1024);
}
