@main
struct Riegel {
  static func main() {}
}
